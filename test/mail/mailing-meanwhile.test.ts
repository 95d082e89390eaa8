import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account, AccountInSpace } from '../../src/accounts/account.ts';
import { findAccountById } from '../../src/accounts/find-account.ts';
import { blockAccount } from '../../src/administration/block-account.ts';
import { deleteAccount } from '../../src/administration/delete-account.ts';
import type { AppError } from '../../src/errors.ts';
import { operator } from '../../src/events/actor.ts';
import { type InviteOptions, inviteAll } from '../../src/mail/invite.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

const mailServer = { RINGUP_SMTP_URL: 'smtp://127.0.0.1:1', RINGUP_MAIL_FROM: 'phones@example.test' };

forEachDatabase('a mailing during which an account is blocked or deleted', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl(), mailServer);
  });
  after(() => t.close());

  const people = ['first', 'blocked', 'deleted', 'last'] as const;
  let count = 0;

  /** Reads four accounts as a mailing does, and blocks one and deletes one before it locks them. */
  const changedMeanwhile = async () => {
    count += 1;
    const made = new Map<string, Account>();
    for (const name of people) {
      made.set(name, await t.makeAccount({ username: `${name}${count}`, email: `${name}${count}@example.test` }));
    }
    const read: AccountInSpace[] = [];
    for (const { id } of made.values()) read.push((await findAccountById(t.app, String(id))) ?? assert.fail());
    const of = (name: (typeof people)[number]) => made.get(name) ?? assert.fail();
    await blockAccount(t.app, operator, of('blocked'), { revokeDevices: false });
    await deleteAccount(t.app, operator, of('deleted'));
    return { of, read };
  };
  const kindsOf = async ({ id }: Account): Promise<string[]> => {
    const { data } = (await t.api('GET', `/api/accounts/${id}/events`)).json;
    return data.map(({ kind }: { kind: string }) => kind);
  };

  const reaches: readonly InviteOptions[] = [{ invited: 'everyone' }, { invited: 'never' }];
  for (const options of reaches) {
    test(`reaches all other accounts, and counts them: ${options.invited}`, async () => {
      const { of, read } = await changedMeanwhile();
      const later = await t.makeAccount({ email: `later${count}@example.test` });
      const groups = [read, [(await findAccountById(t.app, String(later.id))) ?? assert.fail()]];
      const done = await inviteAll(t.app, operator, groups, options);
      assert.deepEqual(done, { queued: 3, withoutAddress: 0, leftOut: 0, blocked: 0 });
      for (const account of [of('first'), of('last'), later]) {
        assert.equal((await kindsOf(account)).at(-1), 'mail-queued');
      }
      assert.equal((await kindsOf(of('blocked'))).at(-1), 'blocked');
    });
  }

  test('fails if it was for one named account that is blocked by then', async () => {
    const { of, read } = await changedMeanwhile();
    const mail = (name: (typeof people)[number], options: InviteOptions) =>
      inviteAll(t.app, operator, [read.filter(({ account }) => account.id === of(name).id)], options);
    const isBlocked = (error: AppError) => error.factsOf('conflict')?.why === 'account-blocked';
    await assert.rejects(mail('blocked', { areNamed: true }), isBlocked);
    assert.equal((await kindsOf(of('blocked'))).at(-1), 'blocked');
    const none = { queued: 0, withoutAddress: 0, leftOut: 0, blocked: 0 };
    assert.deepEqual(await mail('blocked', {}), none);
    assert.deepEqual(await mail('deleted', { areNamed: true }), none);
    const two = read.filter(({ account }) => account.id === of('blocked').id || account.id === of('first').id);
    assert.deepEqual(await inviteAll(t.app, operator, [two], { areNamed: true }), { ...none, queued: 1 });
  });

  test('uses the address that an account has by then', async () => {
    const account = await t.makeAccount({ email: 'before@example.test' });
    const read = (await findAccountById(t.app, String(account.id))) ?? assert.fail();
    await t.api('PUT', `/api/accounts/${account.id}`, { username: account.username, email: 'by.then@example.test' });
    await inviteAll(t.app, operator, [[read]]);
    const { data } = (await t.api('GET', `/api/accounts/${account.id}/events`)).json;
    assert.deepEqual(data.at(-1).detail, { to: 'by.then@example.test' });
  });
});

forEachDatabase('a mail to one account', (makeUrl) => {
  test('is refused if the account is blocked or deleted', async () => {
    const t = await openTestApp(await makeUrl(), mailServer);
    const account = await t.makeAccount({ email: 'one@example.test' });
    const send = () => t.api('POST', `/api/accounts/${account.id}/send_provisioning_email`);
    await t.api('POST', `/api/accounts/${account.id}/block`);
    const blocked = await send();
    assert.deepEqual([blocked.status, blocked.json.code], [409, 'conflict']);
    await t.api('DELETE', `/api/accounts/${account.id}`);
    assert.equal((await send()).status, 404);
    await t.close();
  });
});
