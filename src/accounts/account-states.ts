import { setImmediate as turn } from 'node:timers/promises';
import { type Database, inTransaction } from '../storage/database.ts';
import type { AccountState, StateCounts } from './account-state.ts';
import { addCountsUp, countStates, expireCodes, findStates } from './account-state-store.ts';

/** Ends all codes that have expired, in small steps. */
export async function expireAllCodes(database: Database, now: number): Promise<void> {
  while (await expireCodes(database, now)) await turn();
}

/** Adds all pending changes to the stored counts of accounts, in small steps. */
export async function addAllCountsUp(database: Database): Promise<void> {
  while (await inTransaction(database, addCountsUp)) await turn();
}

/** Returns how many accounts of the space are in each state now. */
export async function stateCounts(
  { database, now }: { readonly database: Database; now(): number },
  spaceId: number,
): Promise<StateCounts> {
  await expireCodes(database, now());
  return countStates(database, spaceId);
}

/** Returns the states of the accounts with these ids. */
export async function statesOf(
  { database }: { readonly database: Database },
  ids: readonly number[],
): Promise<ReadonlyMap<number, AccountState>> {
  const facts = await findStates(database, ids);
  return new Map([...facts].map(([id, { state }]) => [id, state]));
}
