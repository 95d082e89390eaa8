import { setTimeout as delay } from 'node:timers/promises';
import { openWriters } from '../storage/open-writers.ts';
import type { Db } from '../storage/tables.ts';
import { maxDelayMs, newestEventId } from './event-store.ts';
import { lastIdBeforeGap } from './settled-event-store.ts';

/**
 * On PostgreSQL, an event gets its id when it is inserted, but becomes visible only when its transaction ends. So it
 * may appear after events with higher ids, until all transactions have ended that were open when those were read.
 */
export interface Settling {
  /** The id of the newest event at the start. */
  readonly until: number;
  /** Transactions that may still add an event with a lower id. If there are none, no such event can appear later. */
  readonly open: readonly string[];
}

/** Together with the queries before and after, less than the ten seconds within which every request is answered. */
const patienceMs = 3_000;
const pauseMs = 20;
/** Longer than any transaction of Ringup. Readers do not wait for one that somebody has left open. */
const maxAgeMs = 60_000;

/** Begins to watch the transactions that may add events between the one with the id `after` and the newest one. */
export async function startSettling(db: Db, after: number): Promise<Settling> {
  const newest = await newestEventId(db);
  if (newest <= after) return { until: after, open: [] };
  return { until: newest, open: await openWriters(db, 'events', maxAgeMs) };
}

/** Looks which of the transactions are still open. */
export async function lookAgain(db: Db, { until, open }: Settling): Promise<Settling> {
  if (open.length === 0) return { until, open };
  const stillOpen = new Set(await openWriters(db, 'events', maxAgeMs));
  return { until, open: open.filter((writer) => stillOpen.has(writer)) };
}

export interface Settled {
  /** No event with this id or a lower one can appear later. */
  readonly until: number;
  /** Whether there are events with higher ids that have to wait for an open transaction. */
  readonly more: boolean;
}

/**
 * Waits a few seconds until no event between the one with the id `after` and the newest one can appear later. If a
 * transaction stays open longer, returns only what is before its first event.
 */
export async function settleEvents(
  { database: db, now }: { readonly database: Db; now(): number },
  after: number,
): Promise<Settled> {
  const ended = AbortSignal.timeout(patienceMs);
  let settling = await startSettling(db, after);
  while (settling.open.length > 0 && !ended.aborted) {
    await delay(pauseMs);
    settling = await lookAgain(db, settling);
  }
  const { until: newest, open } = settling;
  if (open.length === 0) return { until: newest, more: false };
  // Ids are given in order, so an event of an open transaction is missing among those recorded since it began. Readers
  // get only what is before it. When they go on from there, they get it and all that follows, each once.
  const until = await lastIdBeforeGap(db, { after, until: newest, since: now() - maxAgeMs - maxDelayMs });
  return { until, more: until < newest };
}
