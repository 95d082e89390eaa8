import type { Command } from 'commander';
import type { Account } from '../accounts/account.ts';
import { findAccountByUsername, getAccount } from '../accounts/account-store.ts';
import { recordingChanges } from '../administration/account-events.ts';
import type { App } from '../app.ts';
import { AppError } from '../errors.ts';
import { commandLine } from '../events/event.ts';
import { closestName } from '../lib/closest-name.ts';
import { parseSipAddress } from '../sip/sip-uri.ts';
import type { Space } from '../spaces/space.ts';
import type { Db } from '../storage/tables.ts';
import type { Io } from './io.ts';
import { withApp } from './open-app.ts';

export interface FoundAccount {
  readonly account: Account;
  readonly space: Space;
}

/** `USER@DOMAIN` taken apart; a USER alone is one of the first space. */
export function parseAddress(app: App, text: string): { username: string; space: Space } {
  const address = parseSipAddress(text.includes('@') ? text : `${text}@${app.spaces.first.domain}`);
  if (address === undefined)
    throw new AppError('usage-wrong', `"${text}" is not an address: write USER or USER@DOMAIN.`);
  return { username: address.username, space: getSpace(app, address.domain) };
}

export function getSpace(app: App, domain: string): Space {
  const space = app.spaces.findByDomain(domain);
  if (space !== undefined) return space;
  const closest = closestName(
    domain,
    app.spaces.all.map((each) => each.domain),
  );
  const hint = closest === undefined ? '`ringup space list` shows those there are' : `did you mean ${closest}`;
  throw new AppError('not-found', `There is no space ${domain}: ${hint}${closest === undefined ? '.' : '?'}`);
}

export async function accountAt(app: App, address: string): Promise<FoundAccount> {
  const { username, space } = parseAddress(app, address);
  const account = await findAccountByUsername(app.database, space.id, username);
  if (account !== undefined) return { account, space };
  throw new AppError(
    'not-found',
    `There is no account ${username}@${space.domain}: \`ringup account list\` shows those there are.`,
  );
}

/** Looks an account up and changes it, in one transaction. */
export async function changingAccount<T>(
  command: Command,
  io: Io,
  address: string,
  work: (db: Db, found: FoundAccount, app: App) => Promise<T>,
): Promise<T> {
  return withApp(command, io, async (app) => {
    const found = await accountAt(app, address);
    return app.database.transaction().execute(async (db) => {
      const account = await getAccount(db, found.account.id);
      const by = { actor: commandLine, at: app.now() };
      return recordingChanges(db, account, by, () => work(db, { ...found, account }, app));
    });
  });
}

export function addressOf({ account, space }: FoundAccount): string {
  return `${account.username}@${space.domain}`;
}
