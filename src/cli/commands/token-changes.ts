import type { Command } from 'commander';
import { addressOf } from '../../accounts/account.ts';
import { operator } from '../../events/actor.ts';
import { extendToken } from '../../tokens/extend-token.ts';
import { listTokens } from '../../tokens/list-tokens.ts';
import { revokeAllTokens, revokeToken } from '../../tokens/revoke-token.ts';
import { accountJson } from '../../views/account.ts';
import { tokenJson } from '../../views/token.ts';
import { accountAt, withAccount } from '../account-at.ts';
import { expiresChoices, expiresOption, readExpiry } from '../expiry.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { withApp } from '../open-app.ts';
import { validity } from '../output/code.ts';
import { print, table } from '../output/print.ts';

/** Registers the commands of `ringup token` that list and change issued tokens. */
export function registerTokenChanges(token: Command, io: Io): void {
  const list = token
    .command('list <user[@domain]>')
    .description('Lists the tokens of an account, newest first. Shows only the first letters of each token.')
    .action((address: string, _options: unknown, command: Command) =>
      withApp(command, io, async (app) => {
        const { account } = await accountAt(app, address);
        const json = (await listTokens(app, account)).map((each) => tokenJson(each, app.now()));
        const rows = json.map(({ id, prefix, state, issuer, created_at, expires_at, used_at, revoked_at }) => ({
          id,
          begins: prefix,
          state,
          issued: created_at,
          by: issuer,
          ends: revoked_at ?? expires_at ?? 'never',
          used: used_at,
        }));
        print(command, io, json, () =>
          table(rows, `There are no tokens yet. \`ringup token issue ${address}\` issues one.`),
        );
      }),
    );
  withManual(list, { examples: ['ringup token list alice@sip.example.com'], json: 'a list of tokens' });

  const extend = token
    .command('extend <user[@domain]> <id>')
    .description(
      'Changes when an unused token expires, even if it has expired already. `ringup token list` shows the ids.',
    )
    .option(expiresOption, `${expiresChoices}; default: the lifetime of a new token`)
    .action(async (address: string, id: string, options: { expires?: string }, command: Command) => {
      await withApp(command, io, async (app) => {
        const wish = readExpiry(options.expires, app.now());
        const found = await accountAt(app, address);
        const extended = await extendToken(app, operator, found, id, wish);
        const json = tokenJson(extended, app.now());
        print(command, io, json, () => `The token ${json.prefix ?? ''}… (${id}) ${validity(extended.expiresAt)}.\n`);
      });
    });
  withManual(extend, {
    examples: [
      'ringup token extend alice@sip.example.com 12',
      'ringup token extend alice@sip.example.com 12 --expires 2d',
    ],
    json: 'the token',
  });

  const revoke = token
    .command('revoke <user[@domain]> [id]')
    .description('Revokes one token of an account, or all of them. `ringup token list` shows the ids.')
    .action((address: string, id: string | undefined, _options: unknown, command: Command) =>
      id === undefined ? revokeAll(command, io, address) : revokeOne(command, io, address, id),
    );
  withManual(revoke, {
    examples: ['ringup token revoke alice@sip.example.com', 'ringup token revoke alice@sip.example.com 12'],
    json: 'the account; with ID, the token',
  });
}

function revokeAll(command: Command, io: Io, address: string): Promise<void> {
  return withAccount(command, io, address, async (app, found) => {
    await revokeAllTokens(app, operator, found.account);
    print(command, io, accountJson(found), () => `Revoked all tokens of ${addressOf(found)}.\n`);
  });
}

function revokeOne(command: Command, io: Io, address: string, id: string): Promise<void> {
  return withAccount(command, io, address, async (app, { account }) => {
    const json = tokenJson(await revokeToken(app, operator, account, id), app.now());
    print(command, io, json, () => `Revoked the token ${json.prefix ?? ''}… (${id}).\n`);
  });
}
