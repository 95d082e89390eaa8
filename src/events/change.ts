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
