import { type AccountInSpace, accountNotFound } from '../accounts/account.ts';
import { type AccountContext, findAccountById, findAccountInPath, findAccountsById } from '../accounts/find-account.ts';
import { AppError, invalidFields } from '../errors.ts';
import type { EventFilter } from '../events/list-events.ts';
import { partsInTurns } from '../lib/parts-in-turns.ts';
import { settingEntries } from '../spaces/setting-values.ts';
import type { Space } from '../spaces/space.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import type { SpaceChanges } from '../spaces/space-fields.ts';
import { type Caller, isSuperAdministrator, manages } from './caller.ts';

/** Returns the account with this id if the caller manages it. Otherwise throws as if it did not exist. */
export async function managedAccount(context: AccountContext, caller: Caller, id: string): Promise<AccountInSpace> {
  return ifManaged(caller, id, await findAccountById(context, id));
}

/**
 * Returns the accounts with these ids, each once. Throws as if an account did not exist unless the caller manages all
 * of them.
 */
export async function managedAccounts(
  context: AccountContext,
  caller: Caller,
  ids: Iterable<string>,
): Promise<AccountInSpace[]> {
  const accounts: AccountInSpace[] = [];
  for (const id of new Set(ids)) accounts.push(await managedAccount(context, caller, id));
  return accounts;
}

/**
 * Returns those of the accounts with these ids that the caller manages, each once. Accounts of other spaces are left
 * out like those that do not exist, so that nobody learns which ids they have.
 */
export async function managedAmong(
  context: AccountContext,
  caller: Caller,
  ids: Iterable<string>,
): Promise<AccountInSpace[]> {
  const accounts: AccountInSpace[] = [];
  for await (const part of partsInTurns([...new Set(ids)])) accounts.push(...(await findAccountsById(context, part)));
  return accounts.filter(({ space }) => manages(caller, space.id));
}

/**
 * Returns the account with this SIP address if the caller manages its space. Otherwise throws as if it did not exist.
 */
export async function managedAccountAt(
  context: AccountContext,
  caller: Caller,
  address: string,
): Promise<AccountInSpace> {
  return ifManaged(caller, address, await findAccountInPath(context, address));
}

function ifManaged(caller: Caller, name: string, found: AccountInSpace | undefined): AccountInSpace {
  if (found === undefined || !manages(caller, found.space.id)) throw accountNotFound(name);
  return found;
}

export function managedSpaceIds({ spaces }: { readonly spaces: SpaceDirectory }, caller: Caller): number[] {
  return isSuperAdministrator(caller) ? spaces.all.map((space) => space.id) : [caller.space.id];
}

/**
 * Returns the filter for events of all spaces that the caller manages. A super administrator also sees those of deleted
 * spaces.
 */
export function managedEvents(caller: Caller): EventFilter {
  return isSuperAdministrator(caller) ? {} : { spaceIds: [caller.space.id] };
}

/** Returns the space whose domain is in a path if the caller manages it. Otherwise throws as if it did not exist. */
export function managedSpaceAt({ spaces }: { readonly spaces: SpaceDirectory }, caller: Caller, domain: string): Space {
  const space = spaces.findByDomain(domain);
  if (space === undefined || !manages(caller, space.id))
    throw new AppError('not-found', { what: 'space', name: domain });
  return space;
}

/** Throws if the changes name a setting that only super administrators may set, and the caller is not one. */
export function requireSettable(caller: Caller, changes: SpaceChanges): void {
  if (isSuperAdministrator(caller)) return;
  const isRefused = settingEntries.some(({ name, setting }) => setting.superOnly && Object.hasOwn(changes, name));
  if (isRefused) throw new AppError('not-allowed', { why: 'no-super-administrator' });
}

/** Returns the space with this domain if the caller manages it. By default, returns the caller's own space. */
export function managedSpace(
  { spaces }: { readonly spaces: SpaceDirectory },
  caller: Caller,
  domain: string | undefined,
): Space {
  if (domain === undefined) return caller.space;
  const space = spaces.findByDomain(domain);
  if (space === undefined || !manages(caller, space.id)) {
    throw invalidFields({ domain: [{ code: 'not-managed', value: domain }] });
  }
  return space;
}
