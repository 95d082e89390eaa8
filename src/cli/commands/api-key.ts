import type { Command } from 'commander';
import { createApiKey, type NewKey, newKeyShape } from '../../access/create-api-key.ts';
import { type ApiKey, findApiKeyNumbered, listApiKeys, revokeApiKey } from '../../access/manage-api-keys.ts';
import { type AccountInSpace, accountNotFound } from '../../accounts/account.ts';
import { findAccountById } from '../../accounts/find-account.ts';
import type { App } from '../../app.ts';
import { AppError } from '../../errors.ts';
import { operator } from '../../events/actor.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { apiKeyJson } from '../../views/api-key.ts';
import { given } from '../fields.ts';
import { accountAt, addressOf } from '../find-account.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { withApp } from '../open-app.ts';
import { print, table } from '../output/print.ts';
import { noteIfInactive } from '../output/show-account.ts';

export function registerApiKey(program: Command, io: Io): void {
  const apiKey = program.command('api-key').description('API keys. Each has the rights of its account.');

  const create = apiKey
    .command('create <user[@domain]>')
    .description('Creates a key, which is shown only once.')
    .option('--name <name>', 'what it is for')
    .option('--expires <duration>', 'how long it is valid, such as 30d, or never (default)')
    .action((address: string, options: NewKey, command: Command) =>
      withApp(command, io, (app) => createKey(command, io, app, address, options)),
    );
  withManual(create, {
    examples: ['ringup api-key create admin@sip.example.com --name backup --expires 90d'],
    json: 'the key with its `account`, and with `api_key`, which is shown only once',
  });

  const list = apiKey
    .command('list [user[@domain]]')
    .description('Lists the keys of an account, or all keys, without their secrets.')
    .action((address: string | undefined, _options: unknown, command: Command) =>
      withApp(command, io, async (app) => {
        const owner = address === undefined ? undefined : await accountAt(app, address);
        const keys = await listApiKeys(app, owner?.account);
        const json = await Promise.all(keys.map(async (key) => keyJson(key, await ownerOf(app, key))));
        const rows = json.map(({ id, account, name, rights, last_used_at, expires_at }) => ({
          id,
          account,
          name,
          rights,
          last_used: last_used_at,
          expires: expires_at ?? 'never',
        }));
        print(command, io, json, () => table(rows, 'There are no API keys.'));
      }),
    );
  withManual(list, {
    examples: ['ringup api-key list', 'ringup api-key list admin@sip.example.com --json'],
    json: 'a list of keys, without their secrets',
  });

  const revoke = apiKey
    .command('revoke <id>')
    .description('Revokes a key immediately. `ringup api-key list` shows the ids.')
    .action((id: string, _options: unknown, command: Command) =>
      withApp(command, io, async (app) => {
        const key = await findApiKeyNumbered(app, id);
        if (key === undefined) throw new AppError('not-found', { what: 'api-key', name: id });
        const owner = await ownerOf(app, key);
        const json = keyJson(key, owner);
        await revokeApiKey(app, operator, owner.account, key);
        print(command, io, json, () => `Revoked the API key ${key.id} of ${json.account}.\n`);
      }),
    );
  withManual(revoke, { examples: ['ringup api-key revoke 3'], json: 'the revoked key' });
}

async function createKey(command: Command, io: Io, app: App, address: string, options: NewKey): Promise<void> {
  const fields = requireShape(newKeyShape, given({ ...options }));
  const found = await accountAt(app, address);
  const { key, secret } = await createApiKey(app, operator, found.account, fields);
  const json = { ...keyJson(key, found), api_key: secret };
  print(command, io, json, () => `A key with the rights of ${addressOf(found)}, shown only once:\n${secret}\n`);
  noteIfInactive(io, found);
}

async function ownerOf(app: App, key: ApiKey): Promise<AccountInSpace> {
  const owner = await findAccountById(app, String(key.accountId));
  if (owner === undefined) throw accountNotFound(String(key.accountId));
  return owner;
}

/** Returns a key with the address of its account, because a list may cover all accounts. */
function keyJson(key: ApiKey, owner: AccountInSpace) {
  return { ...apiKeyJson(key), account: addressOf(owner) };
}
