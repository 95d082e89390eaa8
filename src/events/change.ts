import { type Database, inTransaction } from '../storage/database.ts';
import type { Transaction } from '../storage/tables.ts';
import type { Actor, By } from './actor.ts';

/** What a use case needs to make a change. */
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

/**
 * The maximum number of accounts in one transaction: enough to be fast, but few enough that other requests do not wait
 * long.
 */
const maxInTransaction = 50;

/**
 * Yields parts for one transaction each, ordered by id. Two calls for the same accounts thus lock them in the same
 * order and do not deadlock.
 */
export function* partsById<T>(items: readonly T[], idOf: (item: T) => number): Generator<readonly T[]> {
  const sorted = items.toSorted((one, other) => idOf(one) - idOf(other));
  for (let start = 0; start < sorted.length; start += maxInTransaction) {
    yield sorted.slice(start, start + maxInTransaction);
  }
}
