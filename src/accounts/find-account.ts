import { AppError } from '../errors.ts';
import { parseId } from '../lib/parse-id.ts';
import { trimBlanks } from '../lib/trim-blanks.ts';
import { parseDecodedAddress, type SipAddress } from '../sip/sip-uri.ts';
import type { Space } from '../spaces/space.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import type { Database } from '../storage/database.ts';
import type { AccountInSpace } from './account.ts';
import { findAccount, findAccountByUsername, findAccounts, findAccountsByEmail } from './account-store.ts';

export interface AccountContext {
  readonly database: Database;
  readonly spaces: SpaceDirectory;
}

/** Finds the account with this decimal id. Returns undefined also if the text is not an id. */
export async function findAccountById(
  { database, spaces }: AccountContext,
  id: string,
): Promise<AccountInSpace | undefined> {
  const number = parseId(id);
  const account = number === undefined ? undefined : await findAccount(database, number);
  const space = account && (await spaces.findByRow(account));
  return account === undefined || space === undefined ? undefined : { account, space };
}

/** Finds the accounts with these decimal ids, in their order. Leaves out texts that are the id of no account. */
export async function findAccountsById(
  { database, spaces }: AccountContext,
  ids: readonly string[],
): Promise<AccountInSpace[]> {
  const numbers = ids.map(parseId).filter((id) => id !== undefined);
  const byId = new Map((await findAccounts(database, numbers)).map((account) => [account.id, account]));
  const found: AccountInSpace[] = [];
  for (const id of new Set(numbers)) {
    const account = byId.get(id);
    const space = account && (await spaces.findByRow(account));
    if (account !== undefined && space !== undefined) found.push({ account, space });
  }
  return found;
}

/** Finds the account with a SIP address in the path of a URL: `alice@sip.example.com`, with or without `sip:`. */
export async function findAccountInPath(context: AccountContext, text: string): Promise<AccountInSpace | undefined> {
  const address = parseDecodedAddress(text);
  return address === undefined ? undefined : findAccountByAddress(context, address);
}

/** Returns the address of the account that a person names. A name without a domain belongs to this space. */
export function addressIn({ domain }: Pick<Space, 'domain'>, name: string): string {
  return name.includes('@') ? name : `${name}@${domain}`;
}

/**
 * Reads a name that somebody signs in with: a user name, alone or with its domain, with or without `sip:`. Both are
 * returned as written.
 */
export function parseOwnName(text: string): { readonly username: string; readonly domain: string | undefined } {
  const bare = text.trim().replace(/^sips?:/i, '');
  const at = bare.lastIndexOf('@');
  return at === -1
    ? { username: bare, domain: undefined }
    : { username: bare.slice(0, at), domain: bare.slice(at + 1) };
}

/** Returns the account of a space with this user name or SIP address. Throws `not-found` if there is none. */
export async function getAccountOfSpace(context: AccountContext, space: Space, name: string): Promise<AccountInSpace> {
  const found = await findAccountInPath(context, addressIn(space, name));
  if (found?.space.id === space.id) return found;
  throw new AppError('not-found', { what: 'account-of-space', name, domain: space.domain });
}

export async function findAccountByAddress(
  { database, spaces }: AccountContext,
  address: SipAddress,
): Promise<AccountInSpace | undefined> {
  const space = spaces.findByDomain(address.domain);
  if (space === undefined) return undefined;
  const account = await findAccountByUsername(database, space.id, address.username);
  return account === undefined ? undefined : { account, space };
}

/** Finds the first account with this e-mail address in any of the spaces. */
export async function findAccountWithEmail(
  context: AccountContext,
  spaceIds: readonly number[],
  email: string,
): Promise<AccountInSpace | undefined> {
  return (await findAccountsWithEmail(context, { spaceIds, email, limit: 1 }))[0];
}

/** Finds up to `limit` accounts with this e-mail address in the spaces. */
export async function findAccountsWithEmail(
  { database, spaces }: AccountContext,
  { email, ...which }: { readonly spaceIds: readonly number[]; readonly email: string; readonly limit: number },
): Promise<AccountInSpace[]> {
  const found = await findAccountsByEmail(database, { ...which, email: trimBlanks(email) });
  return found.flatMap((account) => {
    const space = spaces.findById(account.spaceId);
    return space === undefined ? [] : [{ account, space }];
  });
}
