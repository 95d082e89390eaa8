import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { getAccount } from '../../src/accounts/account-store.ts';
import { changeOwnPassword } from '../../src/administration/change-own-password.ts';
import { createAccount } from '../../src/administration/create-account.ts';
import { createSpace } from '../../src/administration/create-space.ts';
import { removeSpace } from '../../src/administration/remove-space.ts';
import { updateAccount } from '../../src/administration/update-account.ts';
import { updateSpace } from '../../src/administration/update-space.ts';
import { operator } from '../../src/events/actor.ts';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { lockSpace } from '../../src/spaces/space-store.ts';
import { inTransaction } from '../../src/storage/database.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { watchLocks } from '../support/watch-locks.ts';
import { parseDocument } from '../support/xml.ts';

forEachDatabase('a space that another process has just changed', (makeUrl) => {
  let one: TestApp;
  let other: TestApp;
  before(async () => {
    const url = await makeUrl();
    one = await openTestApp(url);
    other = await openTestApp(url);
  });
  after(async () => {
    await other.close();
    await one.close();
  });

  let realms = 0;
  /** Lets `other` know the space as it is, then gives it a new realm through `one`. */
  const changeRealm = async (): Promise<string> => {
    await other.app.spaces.refresh();
    realms += 1;
    const realm = `realm${realms}.example.test`;
    await one.setSpace({ realm, confirm: true });
    return realm;
  };
  const assertPassword = async ({ id, username }: Account, realm: string, password: string) => {
    const { ha1s } = await getAccount(one.app.database, id);
    assert.deepEqual(ha1s, [{ algorithm: 'SHA-256', ha1: computeHa1('SHA-256', username, realm, password) }]);
  };

  test('gives its new realm to a new account', async () => {
    const space = other.app.spaces.first;
    const realm = await changeRealm();
    const { account } = await createAccount(other.app, operator, space, {
      fields: { username: 'new', password: 'secret' },
    });
    await assertPassword(account, realm, 'secret');
  });

  test('gives its new realm to a new password', async () => {
    const account = await one.makeAccount();
    const space = other.app.spaces.first;
    const realm = await changeRealm();
    await updateAccount(other.app, operator, { account, space }, { password: 'renewed' });
    await assertPassword(account, realm, 'renewed');
  });

  test('uses its new realm when a user changes the password, for the old and the new one', async () => {
    const space = other.app.spaces.first;
    const realm = await changeRealm();
    const account = await one.makeAccount();
    const fields = { old_password: 'secret', password: 'renewed' };
    await changeOwnPassword(other.app, { caller: { account, space }, fields, address: '' });
    await assertPassword(account, realm, 'renewed');
  });

  test('gives its new realm to a password that a phone resets, and to the document', async () => {
    const account = await one.makeAccount();
    const token = await one.makeToken(account);
    const realm = await changeRealm();
    const { body } = await other.server.inject({ url: `/provisioning/${token}?reset_password` });
    const auth = parseDocument(body).get('auth_info_0');
    assert.equal(auth?.get('realm')?.value, realm);
    const [stored] = (await getAccount(one.app.database, account.id)).ha1s;
    assert.equal(auth?.get('ha1')?.value, stored?.ha1);
    assert.notEqual(stored?.ha1, account.ha1s[0]?.ha1);
  });

  test('accepts no more accounts than its new limit', async () => {
    const domain = 'small.example.test';
    await createSpace(one.app, operator, { domain });
    await other.app.spaces.refresh();
    const space = other.app.spaces.getByDomain(domain);
    await updateSpace(one.app, operator, domain, { max_accounts: 1 });
    const create = (username: string) =>
      createAccount(other.app, operator, space, { fields: { username, password: 'secret' } });
    const made = await Promise.allSettled([create('a'), create('b'), create('c')]);
    assert.deepEqual(made.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const each of made) if (each.status === 'rejected') assert.equal(each.reason.code, 'space-full');
  });

  test('does not change while an account is created', async () => {
    const order: string[] = [];
    let change: Promise<unknown> | undefined;
    await inTransaction(other.app.database, async (tx) => {
      await lockSpace(tx, other.app.spaces.first.id);
      const untilChangeWaits = watchLocks(other.app.database);
      change = one.setSpace({ name: 'Changed' }).then(() => order.push('changed'));
      await untilChangeWaits();
      order.push('created');
    });
    await change;
    assert.deepEqual(order, ['created', 'changed']);
  });

  test('can be removed while accounts of the same names are created, without a deadlock', async () => {
    for (let round = 0; round < 10; round += 1) {
      const domain = `brief${round}.example.test`;
      const space = await createSpace(one.app, operator, { domain });
      const create = (username: string) =>
        createAccount(other.app, operator, space, { fields: { username, password: 'secret' } });
      const { account } = await create('a');
      const [removed, ...rest] = await Promise.allSettled([
        removeSpace(one.app, operator, domain, { withAccounts: true }),
        create('a'),
        create('b'),
        updateAccount(other.app, operator, { account, space }, { password: 'renewed' }),
      ]);
      assert.equal(removed.status, 'fulfilled', String(removed.status === 'rejected' && removed.reason));
      for (const each of rest) {
        if (each.status === 'rejected') assert.match(String(each.reason.code), /^(not-found|account-exists)$/);
      }
      assert.equal(one.app.spaces.findByDomain(domain), undefined);
    }
  });
});
