import type { Command } from 'commander';
import { newAccountShape } from '../../accounts/account-fields.ts';
import { type AccountFilter, allAccounts } from '../../accounts/list-accounts.ts';
import { createAccount } from '../../administration/create-account.ts';
import type { App } from '../../app.ts';
import { operator } from '../../events/actor.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { provisioningUrl } from '../../tokens/provisioning-url.ts';
import { accountJson } from '../../views/account.ts';
import { expiresChoices, expiresOption, readExpiry } from '../expiry.ts';
import { given } from '../fields.ts';
import { accountAt, addressOf, getSpace, parseAddress } from '../find-account.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { withApp } from '../open-app.ts';
import { showCode, validity } from '../output/code.ts';
import { jsonArray, print, table, wantsJson } from '../output/print.ts';
import { noteIfInactive, showAccount } from '../output/show-account.ts';
import { givenOrNewPassword, type PasswordOptions, withPasswordOptions } from '../passwords.ts';
import { registerAccountChanges } from './account-changes.ts';

interface NewAccountOptions extends PasswordOptions {
  readonly algorithm?: string;
  readonly displayName?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly admin?: boolean;
  readonly activated?: boolean;
  readonly expires?: string;
  readonly qr?: boolean;
}

export function registerAccount(program: Command, io: Io): void {
  const account = program
    .command('account')
    .description('Accounts. A USER without @DOMAIN belongs to the first space.');

  const add = withPasswordOptions(
    account.command('add <user[@domain]>').description('Creates an account with a provisioning token for its phone.'),
  )
    .option(
      '--algorithm <algorithm>',
      "store the password only as SHA-256 or only as MD5; default: the space's setting",
    )
    .option('--display-name <name>', 'the name that other phones show')
    .option('--email <address>')
    .option('--phone <number>', 'with its country code, such as "+33 6 01 02 03 04"')
    .option('--admin', 'let it manage the accounts of its space or, in a super space, everything')
    .option('--activated', 'let it sign in immediately, before a phone has been provisioned')
    .option(expiresOption, `when its token expires: ${expiresChoices}; default: the space's setting`)
    .option('--qr', 'draw the QR code')
    .action((address: string, options: NewAccountOptions, command: Command) =>
      withApp(command, io, (app) => addAccount(command, io, app, address, options)),
    );
  withManual(add, {
    examples: [
      'ringup account add alice --qr',
      'pass show sip/bob | ringup account add bob@sip.example.com --password-stdin --display-name "Bob B." --json',
    ],
    json: 'the account with `provisioning_token`, `provisioning_token_expire_at`, `provisioning_url`, and `password` if it was generated',
  });

  const list = account
    .command('list')
    .description('Lists the accounts.')
    .option('--space <domain>', 'only accounts of this space')
    .option(
      '--search <text>',
      'only accounts with this text in user name, display name, e-mail address or phone number',
    )
    .action((options: { space?: string; search?: string }, command: Command) =>
      withApp(command, io, (app) => listAccounts(command, io, app, options)),
    );
  withManual(list, {
    examples: ['ringup account list --space sip.example.com --search ali'],
    json: 'a list of accounts',
  });

  const show = account
    .command('show <user[@domain]>')
    .description('Shows one account.')
    .action((address: string, _options: unknown, command: Command) =>
      withApp(command, io, async (app) => showAccount(command, io, await accountAt(app, address))),
    );
  withManual(show, { examples: ['ringup account show alice@sip.example.com'], json: 'the account' });

  registerAccountChanges(account, io);
}

async function addAccount(command: Command, io: Io, app: App, address: string, options: NewAccountOptions) {
  const wish = readExpiry(options.expires, app.now());
  const { username, space } = parseAddress(app, address);
  const { password, generated } = await givenOrNewPassword(options, io);
  const { displayName: display_name, algorithm, email, phone, admin, activated } = options;
  const words = { username, password, algorithm, display_name, email, phone, admin, activated };
  const fields = requireShape(newAccountShape, given(words));
  const { account, issued } = await createAccount(app, operator, space, fields, wish);
  const url = provisioningUrl(space, app.publicUrl, issued.token);
  const json = {
    ...accountJson({ account, space }, issued),
    provisioning_url: url,
    ...(generated ? { password } : {}),
  };
  print(command, io, json, () => {
    const made = `Created the account ${addressOf({ account, space })} (id ${account.id}).\n`;
    const shown = generated ? `Its password, shown only once: ${password}\n` : '';
    return `${made}${shown}Its phone fetches this address, which ${validity(issued.expiresAt)}:\n${url}\n`;
  });
  showCode(command, io, app, { url, space, qr: options.qr ?? false });
  if (account.admin) noteIfInactive(io, { account, space });
}

async function listAccounts(command: Command, io: Io, app: App, options: { space?: string; search?: string }) {
  const spaces = options.space === undefined ? app.spaces.all : [getSpace(app, options.space)];
  const filter = { spaceIds: spaces.map((space) => space.id), search: options.search ?? '' };
  const pages = shownPages(app, filter);
  if (wantsJson(command)) {
    for await (const text of jsonArray(pages)) io.out(text);
    return;
  }
  const rows = [];
  for await (const page of pages) {
    for (const { username, domain, display_name, activated, blocked, admin } of page) {
      const state = blocked ? 'blocked' : activated ? 'active' : 'not activated';
      rows.push({ account: `${username}@${domain}`, name: display_name, state, admin });
    }
  }
  io.out(table(rows, 'There are no such accounts. `ringup account add USER` creates one.'));
}

async function* shownPages(app: App, filter: AccountFilter) {
  for await (const page of allAccounts(app, filter)) yield page.map((found) => accountJson(found));
}
