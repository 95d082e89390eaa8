import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Account, AccountInSpace } from '../accounts/account.ts';
import type { StateFacts } from '../accounts/account-state.ts';
import { findStates } from '../accounts/account-state-store.ts';
import { expireAllCodes } from '../accounts/account-states.ts';
import { findAccounts, idsInSpace } from '../accounts/account-store.ts';
import { type DeviceSummary, summarizeDevices } from '../devices/device-summary-store.ts';
import { type PageAfter, type PageOfRows, pageOfRows } from '../lib/page-of-rows.ts';
import type { Space } from '../spaces/space.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import type { Database } from '../storage/database.ts';
import { countMatching, countWithPhones, findMatching, type ListFilter, listGroups } from './listed-account-store.ts';

export type { ListFilter } from './listed-account-store.ts';

export interface ListContext {
  readonly database: Database;
  now(): number;
}

/** An account as lists show it. */
export interface ListedAccount {
  readonly account: Account;
  readonly state: StateFacts;
  /** Summary of the devices that are not revoked. */
  readonly devices: DeviceSummary;
}

/** Returns a page of the matching accounts, in the order of ids. */
export async function listPage(
  { database, now }: ListContext,
  filter: ListFilter,
  { after = 0, limit }: PageAfter,
): Promise<PageOfRows<ListedAccount>> {
  await expireAllCodes(database, now());
  const { rows: ids, more } = pageOfRows(await findMatching(database, filter, { limit: limit + 1, after }), limit);
  return { rows: await listedAccounts(database, ids), more };
}

/** Returns these accounts as lists show them, in the order of their ids. */
export async function listedAccounts(database: Database, ids: readonly number[]): Promise<ListedAccount[]> {
  const accounts = await findAccounts(database, ids);
  const states = await findStates(database, ids);
  const devices = await summarizeDevices(database, ids);
  return accounts.flatMap((account) => {
    const state = states.get(account.id);
    // The account may have been deleted since.
    if (state === undefined) return [];
    return [{ account, state, devices: devices.get(account.id) ?? { count: 0, lastSeenAt: null } }];
  });
}

const idsAtOnce = 500;

/** Yields the ids of all matching accounts in batches. */
export async function* eachListed(
  { database, now }: ListContext,
  filter: ListFilter,
): AsyncGenerator<readonly number[]> {
  await expireAllCodes(database, now());
  for (let after = 0; ; ) {
    const ids = await findMatching(database, filter, { limit: idsAtOnce, after });
    const last = ids.at(-1);
    if (last === undefined) return;
    yield ids;
    after = last;
    // SQLite answers synchronously, so other requests would have to wait for all batches.
    await nextTurn();
  }
}

interface SpacesContext extends ListContext {
  readonly spaces: SpaceDirectory;
}

/** Returns one page of the matching accounts, ordered by id, and how many match in total. */
export async function pageOfAccounts(
  { database, spaces, now }: SpacesContext,
  filter: ListFilter,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ readonly accounts: AccountInSpace[]; readonly total: number }> {
  await expireAllCodes(database, now());
  const ids = await findMatching(database, filter, page);
  const accounts = inSpaces(spaces, await findAccounts(database, ids));
  return { accounts, total: await countMatching(database, filter) };
}

/** Yields all matching accounts in batches, ordered by id. There may be a million. */
export async function* allAccounts(context: SpacesContext, filter: ListFilter): AsyncGenerator<AccountInSpace[]> {
  for await (const ids of eachListed(context, filter)) {
    yield inSpaces(context.spaces, await findAccounts(context.database, ids));
  }
}

function inSpaces(spaces: SpaceDirectory, accounts: readonly Account[]): AccountInSpace[] {
  return accounts.map((account) => ({ account, space: spaces.getById(account.spaceId) }));
}

/** Yields the accounts of the space that have these ids. */
export async function* accountsWith(
  { database }: Pick<ListContext, 'database'>,
  space: Space,
  batches: AsyncIterable<readonly number[]>,
): AsyncGenerator<readonly AccountInSpace[]> {
  for await (const ids of batches) {
    const accounts = await findAccounts(database, ids);
    yield accounts.filter(({ spaceId }) => spaceId === space.id).map((account) => ({ account, space }));
  }
}

/** Returns how many accounts match, and how many phones they have. */
export async function countListed(
  { database, now }: ListContext,
  filter: ListFilter,
): Promise<{ readonly accounts: number; readonly phones: number }> {
  await expireAllCodes(database, now());
  return countWithPhones(database, filter);
}

/** Returns those of the ids that are accounts of the space. */
export function ownIds(
  { database }: Pick<ListContext, 'database'>,
  spaceId: number,
  ids: readonly number[],
): Promise<number[]> {
  return idsInSpace(database, spaceId, ids);
}

/** Returns the names of the groups of a space, in order. */
export function groupsOf({ database }: Pick<ListContext, 'database'>, spaceId: number): Promise<string[]> {
  return listGroups(database, spaceId);
}
