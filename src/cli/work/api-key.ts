import type { Command } from 'commander';
import { createApiKey, newKeyShape } from '../../access/create-api-key.ts';
import { type ApiKey, listAllApiKeys, listApiKeys, type OwnedKey, revokeApiKey } from '../../access/manage-api-keys.ts';
import { addressOf } from '../../accounts/account.ts';
import type { App } from '../../app.ts';
import { operator } from '../../events/actor.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { apiKeyJson } from '../../views/api-key.ts';
import { accountAt } from '../account-at.ts';
import { given } from '../fields.ts';
import type { Io } from '../io.ts';
import { withApp } from '../open-app.ts';
import { instantOf } from '../output/local-time.ts';
import { print, table } from '../output/print.ts';
import { noteIfInactive } from '../output/show-account.ts';

export interface KeyOptions {
  readonly name?: string;
  readonly expires?: string;
  readonly boundAddress?: string;
}

export function createKey(command: Command, io: Io, address: string, options: KeyOptions): Promise<void> {
  return withApp(command, io, async (app) => {
    const { boundAddress: bound_address, ...rest } = options;
    const fields = requireShape(newKeyShape, given({ ...rest, bound_address }));
    const found = await accountAt(app, address);
    const { key, secret } = await createApiKey(app, operator, found.account, fields);
    const json = { ...keyJson(key, addressOf(found)), api_key: secret };
    print(command, io, json, () => `A key with the rights of ${addressOf(found)}, shown only once:\n${secret}\n`);
    noteIfInactive(io, found);
  });
}

export function listKeys(command: Command, io: Io, address: string | undefined): Promise<void> {
  return withApp(command, io, async (app) => {
    const json = address === undefined ? await allKeys(app) : await keysOf(app, address);
    const rows = json.map(({ id, account, name, rights, last_used_at, expires_at }) => ({
      id,
      account,
      name,
      rights,
      last_used: instantOf(last_used_at),
      expires: instantOf(expires_at) ?? 'never',
    }));
    print(command, io, json, (screen) => table(screen, rows, 'There are no API keys.'));
  });
}

export function revokeKey(command: Command, io: Io, id: string): Promise<void> {
  return withApp(command, io, async (app) => {
    const json = ownedKeyJson(await revokeApiKey(app, operator, 'all', id));
    print(command, io, json, () => `Revoked the API key ${json.id} of ${json.account}.\n`);
  });
}

async function allKeys(app: App) {
  return (await listAllApiKeys(app)).map(ownedKeyJson);
}

async function keysOf(app: App, address: string) {
  const owner = await accountAt(app, address);
  return (await listApiKeys(app, owner.account)).map((key) => keyJson(key, addressOf(owner)));
}

function ownedKeyJson({ key, username, domain }: OwnedKey) {
  return keyJson(key, `${username}@${domain}`);
}

/** Returns a key with the address of its account, because a list may cover all accounts. */
function keyJson(key: ApiKey, account: string) {
  return { ...apiKeyJson(key), account };
}
