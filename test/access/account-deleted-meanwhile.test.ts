import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createApiKey } from '../../src/access/create-api-key.ts';
import { fetchOwnKey } from '../../src/access/manage-api-keys.ts';
import type { Account } from '../../src/accounts/account.ts';
import { deleteAccount } from '../../src/administration/delete-account.ts';
import { operator } from '../../src/events/actor.ts';
import { attachAuthToken, issueAuthToken } from '../../src/tokens/auth-tokens.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('an account that is deleted while its owner asks for something', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const deletedAccount = async (): Promise<Account> => {
    const account = await t.makeAccount();
    await deleteAccount(t.app, operator, account);
    return account;
  };
  const notFound = { code: 'not-found' };

  test('gets no API key from an administrator', async () => {
    const account = await deletedAccount();
    await assert.rejects(createApiKey(t.app, operator, account, {}), notFound);
  });

  test('gets no API key of its own', async () => {
    const account = await deletedAccount();
    const caller = { account, space: t.app.spaces.first, rights: 'user', by: 'digest' } as const;
    await assert.rejects(fetchOwnKey(t.app, caller, '192.0.2.1'), notFound);
  });

  test('attaches no auth token, which stays open', async () => {
    const account = await deletedAccount();
    const { token } = await issueAuthToken(t.app, '192.0.2.1');
    const space = t.app.spaces.first;
    await assert.rejects(attachAuthToken(t.app, { account, space }, token), notFound);
    await attachAuthToken(t.app, { account: await t.makeAccount(), space }, token);
  });
});
