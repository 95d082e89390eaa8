import type { Command } from 'commander';
import { createApiKey, newKeyShape } from '../../access/create-api-key.ts';
import { type ApiKey, getApiKey, listApiKeys, revokeApiKey } from '../../access/manage-api-keys.ts';
import { type AccountInSpace, accountNotFound, addressOf } from '../../accounts/account.ts';
import { findAccountById } from '../../accounts/find-account.ts';
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
    const json = { ...keyJson(key, found), api_key: secret };
    print(command, io, json, () => `A key with the rights of ${addressOf(found)}, shown only once:\n${secret}\n`);
    noteIfInactive(io, found);
  });
}

export function listKeys(command: Command, io: Io, address: string | undefined): Promise<void> {
  return withApp(command, io, async (app) => {
    const owner = address === undefined ? undefined : await accountAt(app, address);
    const keys = await listApiKeys(app, owner?.account);
    const json = await withOwners(app, keys);
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
    const key = await getApiKey(app, id);
    const owner = await ownerOf(app, key);
    const json = keyJson(key, owner);
    await revokeApiKey(app, operator, owner.account, key);
    print(command, io, json, () => `Revoked the API key ${key.id} of ${json.account}.\n`);
  });
}

/** Looks the owners up one after another, because a database has few connections. Leaves out keys that are gone. */
async function withOwners(app: App, keys: readonly ApiKey[]) {
  const owners = new Map<number, AccountInSpace | undefined>();
  const found = [];
  for (const key of keys) {
    const { accountId } = key;
    if (!owners.has(accountId)) owners.set(accountId, await findAccountById(app, String(accountId)));
    const owner = owners.get(accountId);
    if (owner !== undefined) found.push(keyJson(key, owner));
  }
  return found;
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
