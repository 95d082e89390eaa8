import type { Command } from 'commander';
import { type ApiKey, deleteApiKey, findApiKeyById, listApiKeys } from '../../access/api-key-store.ts';
import { issueNamedKey, keyExpiry, type NewKey, newKeyShape } from '../../access/api-keys.ts';
import { getAccount } from '../../accounts/account-store.ts';
import type { App } from '../../app.ts';
import { AppError } from '../../errors.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { apiKeyJson } from '../../views/api-key.ts';
import { accountAt, addressOf } from '../accounts.ts';
import { given } from '../fields.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { withApp } from '../open-app.ts';
import { print, table } from '../output/print.ts';
import { noteIfInactive } from '../output/show-account.ts';

export function registerApiKey(program: Command, io: Io): void {
  const apiKey = program.command('api-key').description("API keys: they act with their account's rights.");

  const create = apiKey
    .command('create <user[@domain]>')
    .description('Makes a key; it is shown this once.')
    .option('--name <name>', 'what it is for')
    .option('--expires <duration>', 'how long it lives, such as 30d, or never (default)')
    .action((address: string, options: NewKey, command: Command) =>
      withApp(command, io, (app) => createKey(command, io, app, address, options)),
    );
  withManual(create, {
    examples: ['ringup api-key create admin@sip.example.com --name backup --expires 90d'],
    json: 'the key with its `account` and, this once, `api_key`',
  });

  const list = apiKey
    .command('list [user[@domain]]')
    .description('The keys of an account, or all keys, without their secrets.')
    .action((address: string | undefined, _options: unknown, command: Command) =>
      withApp(command, io, async (app) => {
        const owner = address === undefined ? undefined : await accountAt(app, address);
        const keys = await listApiKeys(app.database, owner?.account.id);
        const json = await Promise.all(keys.map((key) => keyJson(app, key)));
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
    .description('Ends a key at once; `ringup api-key list` shows the ids.')
    .action((id: string, _options: unknown, command: Command) =>
      withApp(command, io, async (app) => {
        const key = /^\d{1,9}$/.test(id) ? await findApiKeyById(app.database, Number(id)) : undefined;
        if (key === undefined) {
          throw new AppError('not-found', `There is no API key ${id}: \`ringup api-key list\` shows those there are.`);
        }
        const json = await keyJson(app, key);
        await deleteApiKey(app.database, key.id);
        print(command, io, json, () => `Revoked the API key ${key.id} of ${json.account}.\n`);
      }),
    );
  withManual(revoke, { examples: ['ringup api-key revoke 3'], json: 'the key that was revoked' });
}

async function createKey(command: Command, io: Io, app: App, address: string, options: NewKey): Promise<void> {
  const { name = null, expires } = requireShape(newKeyShape, given({ ...options }));
  const found = await accountAt(app, address);
  const now = app.now();
  const db = app.database;
  const { id, key } = await issueNamedKey(db, found.account, { name, expiresAt: keyExpiry(expires, now) }, now);
  const stored = await findApiKeyById(db, id);
  const json = { ...(stored === undefined ? {} : await keyJson(app, stored)), api_key: key };
  print(command, io, json, () => `A key with the rights of ${addressOf(found)}, shown this once:\n${key}\n`);
  noteIfInactive(io, found);
}

/** A key with the address of its account, as the ids are those of all accounts. */
async function keyJson(app: App, key: ApiKey) {
  const account = await getAccount(app.database, key.accountId);
  return { ...apiKeyJson(key), account: addressOf({ account, space: app.spaces.getById(account.spaceId) }) };
}
