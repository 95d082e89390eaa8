import type { Command } from 'commander';
import { type AccountInSpace, accountNotFound } from '../accounts/account.ts';
import { addressIn, findAccountByAddress } from '../accounts/find-account.ts';
import type { App } from '../app.ts';
import { quoteText } from '../errors/quote-text.ts';
import { AppError } from '../errors.ts';
import { closestName } from '../lib/closest-name.ts';
import { trimBlanks } from '../lib/trim-blanks.ts';
import { parseSipAddress } from '../sip/sip-uri.ts';
import type { Space } from '../spaces/space.ts';
import type { Io } from './io.ts';
import { withApp } from './open-app.ts';

/** Parses `USER@DOMAIN`. Without a domain, the user belongs to the first space. */
export function parseAddress(app: App, text: string): { username: string; space: Space } {
  const typed = trimBlanks(text);
  const address = parseSipAddress(addressIn(app.spaces.first, typed));
  if (address === undefined) {
    const complaint = `${quoteText(text)} is not an address: write USER or USER@DOMAIN.`;
    throw new AppError('usage-wrong', { complaint });
  }
  return { username: address.username, space: getSpace(app, address.domain) };
}

export function getSpace(app: App, domain: string): Space {
  const space = app.spaces.findByDomain(trimBlanks(domain));
  if (space !== undefined) return space;
  const closest = closestName(
    domain,
    app.spaces.all.map((each) => each.domain),
  );
  throw new AppError('not-found', { what: 'space', name: domain, closest });
}

/** Returns the space that an option names, by default the first. */
export function spaceOf(app: App, domain: string | undefined): Space {
  return domain === undefined ? app.spaces.first : getSpace(app, domain);
}

export async function accountAt(app: App, address: string): Promise<AccountInSpace> {
  const { username, space } = parseAddress(app, address);
  const found = await findAccountByAddress(app, { username, domain: space.domain });
  if (found !== undefined) return found;
  throw accountNotFound(`${username}@${space.domain}`);
}

/** Returns the accounts with these addresses, each once. */
export async function accountsAt(app: App, addresses: readonly string[]): Promise<AccountInSpace[]> {
  const accounts = new Map<number, AccountInSpace>();
  for (const address of addresses) {
    const found = await accountAt(app, address);
    accounts.set(found.account.id, found);
  }
  return [...accounts.values()];
}

/** Opens the app for one command about an account. */
export function withAccount<T>(
  command: Command,
  io: Io,
  address: string,
  work: (app: App, found: AccountInSpace) => Promise<T>,
): Promise<T> {
  return withApp(command, io, async (app) => work(app, await accountAt(app, address)));
}
