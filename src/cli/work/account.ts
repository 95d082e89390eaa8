import type { Command } from 'commander';
import { addressOf } from '../../accounts/account.ts';
import { accountChangesShape, newAccountShape } from '../../accounts/account-fields.ts';
import { type ListFilterName, listFilters } from '../../accounts/account-state.ts';
import { statesOf } from '../../accounts/account-states.ts';
import { allAccounts, type ListFilter } from '../../administration/account-list.ts';
import { createAccount } from '../../administration/create-account.ts';
import type { App } from '../../app.ts';
import { AppError } from '../../errors.ts';
import { operator } from '../../events/actor.ts';
import { requireShape } from '../../lib/check-shape.ts';
import type { Space } from '../../spaces/space.ts';
import { accountJson, accountJsonWith } from '../../views/account.ts';
import { accountAt, getSpace, parseAddress } from '../account-at.ts';
import { readExpiry } from '../expiry.ts';
import { given } from '../fields.ts';
import type { Io } from '../io.ts';
import { withApp } from '../open-app.ts';
import type { CodeOptions, PasswordOptions } from '../options.ts';
import { showCode, validity } from '../output/code.ts';
import { issueWithPictures } from '../output/pictures.ts';
import { jsonArray, print, say, screenOf, table, wantsJson } from '../output/print.ts';
import { noteIfInactive, showAccount } from '../output/show-account.ts';
import { givenOrNewPassword, readHa1s } from '../passwords.ts';

export interface NewAccountOptions extends PasswordOptions, CodeOptions {
  readonly ha1?: readonly string[];
  readonly algorithm?: string;
  readonly displayName?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly note?: string;
  readonly group?: string;
  readonly language?: string;
  readonly admin?: boolean;
  readonly activated?: boolean;
  readonly expires?: string;
}

export function addAccount(command: Command, io: Io, address: string, options: NewAccountOptions): Promise<void> {
  return withApp(command, io, (app) => add(command, io, app, { address, options }));
}

async function add(
  command: Command,
  io: Io,
  app: App,
  { address, options }: { readonly address: string; readonly options: NewAccountOptions },
): Promise<void> {
  const expiry = readExpiry(options.expires, app.now());
  const { username, space } = parseAddress(app, address);
  const { fields, generated } = await newAccountOf({ username, space }, options, io);
  const { account, issued, url } = await issueWithPictures(app, space, options, (code) =>
    createAccount(app, operator, space, { fields, expiry, code }),
  );
  const json = {
    ...accountJsonWith(issued, app.publicUrl, { account, space }),
    ...(generated === undefined ? {} : { password: generated }),
  };
  print(command, io, json, () => {
    const made = `Created the account ${addressOf({ account, space })} (id ${account.id}).\n`;
    const shown = generated === undefined ? '' : `Its password, shown only once: ${generated}\n`;
    return `${made}${shown}Its phone fetches this address, which ${validity(issued.expiresAt)}:\n${url}\n`;
  });
  showCode(command, io, app, { url, space, qr: options.qr ?? false });
  if (account.admin) noteIfInactive(io, { account, space });
}

/** Returns the fields of the account, and its password if the command generated one. */
async function newAccountOf(
  { username, space }: { readonly username: string; readonly space: Space },
  options: NewAccountOptions,
  io: Io,
) {
  const {
    ha1: words,
    displayName: display_name,
    algorithm,
    email,
    phone,
    note,
    group,
    language,
    admin,
    activated,
  } = options;
  const rest = { username, display_name, email, phone, note, group, language, admin, activated };
  if (words !== undefined) {
    const ha1s = readHa1s(words);
    return { fields: { ...requireShape(accountChangesShape, given(rest)), username, ha1s }, generated: undefined };
  }
  const { password, generated } = await givenOrNewPassword(options, io, space);
  const fields = requireShape(newAccountShape, given({ ...rest, algorithm, password }));
  return { fields, generated };
}

export interface ListOptions {
  readonly space?: string;
  readonly search?: string;
  readonly filter?: string;
  readonly group?: string;
}

export function listAccounts(command: Command, io: Io, options: ListOptions): Promise<void> {
  return withApp(command, io, (app) => list(command, io, app, options));
}

export function showOneAccount(command: Command, io: Io, address: string): Promise<void> {
  return withApp(command, io, async (app) => showAccount(command, io, await accountAt(app, address)));
}

function filterOf({ filter }: ListOptions): ListFilterName | undefined {
  const known = listFilters.find((each) => each === filter);
  if (filter === undefined || known !== undefined) return known;
  throw new AppError('usage-wrong', { complaint: `--filter must be one of ${listFilters.join(', ')}.` });
}

async function list(command: Command, io: Io, app: App, options: ListOptions): Promise<void> {
  const spaces = options.space === undefined ? app.spaces.all : [getSpace(app, options.space)];
  const { search = '', group } = options;
  const spaceIds = spaces.map((space) => space.id);
  const pages = shownPages(app, { spaceIds, search, findsShortParts: true, filter: filterOf(options), group });
  if (wantsJson(command)) {
    for await (const text of jsonArray(pages)) io.out(text);
    return;
  }
  const rows = [];
  for await (const page of pages) rows.push(...(await rowsOf(app, page)));
  say(
    command,
    io,
    table(screenOf(command, io), rows, 'There are no such accounts. `./ringup account add USER` creates one.'),
  );
}

/** Returns the rows of a page, with the states that `--filter` has. */
async function rowsOf(app: App, page: readonly ReturnType<typeof accountJson>[]) {
  const ids = page.map(({ id }) => id);
  const states = await statesOf(app, ids);
  return page.map(({ id, username, domain, display_name, activated, admin }) => {
    const state = states.get(id) ?? null;
    return { account: `${username}@${domain}`, name: display_name, state, activated, admin };
  });
}

async function* shownPages(app: App, filter: ListFilter) {
  for await (const page of allAccounts(app, filter)) yield page.map((found) => accountJson(found));
}
