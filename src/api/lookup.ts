import type { FastifyRequest } from 'fastify';
import { type Caller, isSuperAdministrator, manages } from '../access/caller.ts';
import type { Account } from '../accounts/account.ts';
import { accountNotFound, findAccount, findAccountByUsername } from '../accounts/account-store.ts';
import type { App } from '../app.ts';
import { AppError, invalidFields } from '../errors.ts';
import { parseSipAddress } from '../sip/sip-uri.ts';
import type { Space } from '../spaces/space.ts';

export interface ManagedAccount {
  readonly account: Account;
  readonly space: Space;
}

/** The account of an id in the path, if it is the caller's to manage; to others it does not exist. */
export async function managedAccount(app: App, caller: Caller, id: string): Promise<ManagedAccount> {
  const account =
    /^[1-9]\d{0,9}$/.test(id) && Number(id) < 2 ** 31 ? await findAccount(app.database, Number(id)) : undefined;
  const space = account === undefined ? undefined : app.spaces.findById(account.spaceId);
  if (account === undefined || space === undefined || !manages(caller, space.id)) throw accountNotFound();
  return { account, space };
}

/** The account of a SIP address (`alice@sip.example.com`, with or without `sip:`) in a space that the caller manages. */
export async function managedAccountBySip(app: App, caller: Caller, sip: string): Promise<ManagedAccount> {
  const address = parseSipAddress(sip);
  const space = address === undefined ? undefined : app.spaces.findByDomain(address.domain);
  if (address === undefined || space === undefined || !manages(caller, space.id)) throw accountNotFound();
  const account = await findAccountByUsername(app.database, space.id, address.username);
  if (account === undefined) throw accountNotFound();
  return { account, space };
}

export function managedSpaceIds(app: App, caller: Caller): number[] {
  return isSuperAdministrator(caller) ? app.spaces.all.map((space) => space.id) : [caller.space.id];
}

/** The space that a new account's `domain` names; the caller's own without one. */
export function managedSpace(app: App, caller: Caller, domain: string | undefined): Space {
  if (domain === undefined) return caller.space;
  const space = app.spaces.findByDomain(domain);
  if (space === undefined || !manages(caller, space.id)) {
    throw invalidFields({ domain: ['is not a space that you manage'] });
  }
  return space;
}

export interface Page {
  readonly page: number;
  readonly perPage: number;
}

/** `page` and `per_page` of the query. */
export function pageOf(query: { readonly page?: string; readonly per_page?: string }): Page {
  return {
    page: countIn('page', query.page, { most: 9_999_999, otherwise: 1 }),
    perPage: countIn('per_page', query.per_page, { most: 100, otherwise: 20 }),
  };
}

/** A whole number from 1 on in the query. */
export function countIn(
  field: string,
  text: string | undefined,
  { most, otherwise }: { readonly most: number; readonly otherwise: number },
): number {
  if (text === undefined) return otherwise;
  const count = /^[1-9]\d{0,6}$/.test(text) ? Number(text) : 0;
  if (count === 0 || count > most) throw invalidFields({ [field]: [`must be a whole number from 1 to ${most}`] });
  return count;
}

export function addressOf(request: FastifyRequest): string {
  return request.ip;
}

export function requireFound<T>(value: T | undefined, message: string): T {
  if (value === undefined) throw new AppError('not-found', message);
  return value;
}
