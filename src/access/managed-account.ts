import { type AccountInSpace, accountNotFound } from '../accounts/account.ts';
import { type AccountContext, findAccountById, findAccountInPath } from '../accounts/find-account.ts';
import { invalidFields } from '../errors.ts';
import type { EventFilter } from '../events/list-events.ts';
import type { Space } from '../spaces/space.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import { type Caller, isSuperAdministrator, manages } from './caller.ts';

/** Returns the account with this id if the caller manages it. Otherwise throws as if it did not exist. */
export async function managedAccount(context: AccountContext, caller: Caller, id: string): Promise<AccountInSpace> {
  return ifManaged(caller, id, await findAccountById(context, id));
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
