import { setImmediate as nextTurn } from 'node:timers/promises';
import { clientNetwork } from '../lib/client-address.ts';
import { GroupedQueue } from '../lib/grouped-queue.ts';
import type { Logger } from '../lib/logger.ts';
import type { OutageLog } from '../lib/outage-log.ts';
import { within } from '../lib/within.ts';
import type { Space } from '../spaces/space.ts';
import { mailResetLink, type ResetRequestContext } from './request-password-reset.ts';

/** Only this many names wait, because strangers may ask as often as they like. */
const maxWaiting = 200;
const delayMs = 50;

export interface PasswordResetsContext extends ResetRequestContext {
  readonly log: Logger;
  readonly outages: OutageLog;
}

interface Asked {
  readonly key: string;
  readonly name: string;
  readonly space: Space;
}

/**
 * Names for which somebody requested a link to a new password, until they are looked up. If too many wait, the oldest
 * name of the network that requested most is dropped, so that a flood displaces only its own names.
 */
export class PasswordResets {
  readonly #context: PasswordResetsContext;
  #waiting = new GroupedQueue<Asked>();
  #displaced = 0;
  #timer: NodeJS.Timeout | undefined;
  #run: Promise<void> | undefined;
  #isClosed = false;

  constructor(context: PasswordResetsContext) {
    this.#context = context;
  }

  /** Returns at once, because the time of the look-up would reveal whether the account exists. */
  ask(text: string, space: Space, address: string): void {
    const name = text.trim();
    const network = clientNetwork(address);
    // The key includes the network, so that displacing one network's request does not remove the same request from
    // another.
    const key = `${network} ${space.id} ${name}`;
    if (this.#isClosed || this.#waiting.has(key)) return;
    const displaced = this.#waiting.size >= maxWaiting ? this.#waiting.oldestOfLargest() : undefined;
    if (displaced !== undefined) {
      this.#waiting.delete(displaced.key);
      this.#displaced += 1;
    }
    this.#waiting.add(network, key, { key, name, space });
    this.#timer ??= setTimeout(() => void this.flush(), delayMs).unref();
  }

  /** Waits until everything asked for so far is done. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#waiting.size > 0 || this.#run !== undefined) {
      this.#run ??= this.#lookUp().finally(() => {
        this.#run = undefined;
      });
      await this.#run;
    }
  }

  async close(patience: AbortSignal): Promise<void> {
    this.#isClosed = true;
    await within(patience, this.flush());
    this.#forget(patience.reason, 0);
  }

  /** Looks up the names that are waiting now. */
  async #lookUp(): Promise<void> {
    try {
      for (let left = this.#waiting.size; left > 0; left -= 1) {
        const asked = this.#waiting.oldest();
        if (asked === undefined) break;
        this.#waiting.delete(asked.key);
        await mailResetLink(this.#context, asked);
        // On SQLite, consecutive look-ups would block all other requests.
        await nextTurn();
      }
    } catch (error) {
      this.#forget(error, 1);
    }
    if (this.#displaced === 0) return;
    const sentence = 'too many asked for a new password at once: some got no link';
    this.#context.log.warn({ count: this.#displaced }, sentence);
    this.#displaced = 0;
  }

  #forget(reason: unknown, failed: number): void {
    const lost = this.#waiting.size + failed;
    this.#waiting = new GroupedQueue();
    if (lost > 0) this.#context.outages.report(reason, { lost }, 'links to new passwords could not be queued');
  }
}
