import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '../storage/tables.ts';
import { followEvents } from './follow-events.ts';
import { settleEvents } from './settled-events.ts';

const retryMs = 1_000;

interface WatchContext {
  readonly database: Db;
  now(): number;
}

/** Notifies watchers of an account about its new events, from this node or another. All watchers share one query. */
export class AccountWatch {
  readonly #context: WatchContext;
  readonly #onError: (error: unknown) => void;
  readonly #watchers = new Map<number, Set<() => void>>();
  #following: AbortController | undefined;

  constructor(context: WatchContext, onError: (error: unknown) => void) {
    this.#context = context;
    this.#onError = onError;
  }

  /**
   * Calls `wake` after new events of the account, until the returned function is called. It may also be called without
   * a new event.
   */
  add(accountId: number, wake: () => void): () => void {
    const watchers = this.#watchers.get(accountId) ?? new Set();
    this.#watchers.set(accountId, watchers.add(wake));
    if (this.#following === undefined) void this.#follow();
    return () => {
      watchers.delete(wake);
      if (watchers.size === 0 && this.#watchers.get(accountId) === watchers) this.#watchers.delete(accountId);
      if (this.#watchers.size === 0) this.close();
    };
  }

  close(): void {
    this.#following?.abort();
    this.#following = undefined;
  }

  async #follow(): Promise<void> {
    const following = new AbortController();
    this.#following = following;
    const { signal } = following;
    while (!signal.aborted) {
      try {
        await this.#wakeWatchers(signal);
      } catch (error) {
        if (!signal.aborted) this.#onError(error);
        await delay(retryMs, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }

  async #wakeWatchers(signal: AbortSignal): Promise<void> {
    let isFirst = true;
    const context = this.#context;
    const first = async () => ({ events: [], next: (await settleEvents(context, 0)).until });
    for await (const events of followEvents(context, {}, first, signal)) {
      // A watcher that was added before the first query may have missed an event. The accounts of a deleted space have
      // no events of their own.
      const all = isFirst || events.some(({ kind }) => kind === 'space-deleted');
      const ids = all ? [...this.#watchers.keys()] : new Set(events.map(({ accountId }) => accountId ?? 0));
      isFirst = false;
      for (const id of ids) this.#wake(id);
    }
  }

  #wake(accountId: number): void {
    for (const wake of [...(this.#watchers.get(accountId) ?? [])]) wake();
  }
}
