import { type Database, inTransaction } from '../storage/database.ts';
import type { Transaction } from '../storage/tables.ts';
import type { Actor, By } from './actor.ts';

/** What a use case needs to change something. */
export interface ChangeContext {
  readonly database: Database;
  /** Epoch milliseconds. */
  now(): number;
}

/** Runs a change in its own transaction, with the actor and the time for the events that it records. */
export function change<T>(
  { database, now }: ChangeContext,
  actor: Actor,
  work: (tx: Transaction, by: By) => Promise<T>,
): Promise<T> {
  return inTransaction(database, (tx) => work(tx, { actor, at: now() }));
}

/** As many accounts as one transaction changes: enough to be fast, and few enough to keep nobody waiting. */
const maxInTransaction = 50;

/**
 * Yields what one transaction changes after the other, in the order of ids: two calls for the same accounts lock them in the
 * same order, so that they do not wait for each other for ever.
 */
export function* partsById<T>(items: readonly T[], idOf: (item: T) => number): Generator<readonly T[]> {
  const sorted = items.toSorted((one, other) => idOf(one) - idOf(other));
  for (let start = 0; start < sorted.length; start += maxInTransaction) {
    yield sorted.slice(start, start + maxInTransaction);
  }
}
