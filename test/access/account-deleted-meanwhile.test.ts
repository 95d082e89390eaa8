import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Caller } from '../../src/access/caller.ts';
import { createApiKey } from '../../src/access/create-api-key.ts';
import { fetchOwnKey } from '../../src/access/manage-api-keys.ts';
import type { Account } from '../../src/accounts/account.ts';
import { deleteAccount } from '../../src/administration/delete-account.ts';
import { addContact } from '../../src/contacts/change-contacts.ts';
import { operator } from '../../src/events/actor.ts';
import { attachAuthToken, issueAuthToken } from '../../src/tokens/auth-tokens.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('an account that is deleted during a request of its owner', (makeUrl) => {
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

  const callerOf = (account: Account): Caller => ({
    account,
    space: t.app.spaces.first,
    rights: 'user',
    by: 'digest',
  });

  test('cannot get an API key from an administrator', async () => {
    const account = await deletedAccount();
    await assert.rejects(createApiKey(t.app, operator, account, {}), notFound);
  });

  test('cannot fetch an API key', async () => {
    const account = await deletedAccount();
    await assert.rejects(fetchOwnKey(t.app, callerOf(account), '192.0.2.1'), notFound);
  });

  test('cannot get a contact, and the error names the deleted account', async () => {
    const [account, contact] = [await deletedAccount(), await t.makeAccount()];
    const found = { account: contact, space: t.app.spaces.first };
    const message = `There is no account "${account.id}".`;
    await assert.rejects(addContact(t.app, operator, account, found), { ...notFound, message });
  });

  test('cannot become a contact of another account', async () => {
    const [account, owner] = [await deletedAccount(), await t.makeAccount()];
    const found = { account, space: t.app.spaces.first };
    const message = `There is no account "${account.id}".`;
    await assert.rejects(addContact(t.app, operator, owner, found), { ...notFound, message });
  });

  test('cannot attach an auth token, which stays open for other accounts', async () => {
    const account = await deletedAccount();
    const { token } = await issueAuthToken(t.app, '192.0.2.1');
    await assert.rejects(attachAuthToken(t.app, callerOf(account), token), notFound);
    await attachAuthToken(t.app, callerOf(await t.makeAccount()), token);
  });
});
