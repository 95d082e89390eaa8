import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { countWrites } from '../support/count-writes.ts';
import { forEachDatabase } from '../support/databases.ts';
import { panelBrowser } from '../support/panel.ts';
import { phonesOf } from '../support/phone.ts';

forEachDatabase('links to new passwords that strangers ask for', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    const mail = { RINGUP_SMTP_URL: 'smtp://127.0.0.1:9', RINGUP_MAIL_FROM: 'phones@example.test' };
    // What is written comes from the requests.
    t = await openTestApp(await makeUrl(), mail, { runsJobs: false });
  });
  after(() => t.close());

  const ask = async (username: string, address?: string): Promise<void> => {
    const { status, html } = await panelBrowser(t, address).post('/login/forgotten', { username });
    assert.equal(status, 200, html);
  };
  const flood = (length: number, name: (index: number) => string) =>
    Promise.all(Array.from({ length }, (_, index) => ask(name(index))));
  /** Lets none of the names be looked up until the function that it returns is called. */
  const holdLookUps = () => {
    const { rows } = t.app.database;
    const held = Promise.withResolvers<void>();
    const looksUp = mock.method(t.app.database, 'rows', async (...asked: Parameters<typeof rows>) => {
      await held.promise;
      return rows(...asked);
    });
    return async (): Promise<number> => {
      held.resolve();
      await settled();
      looksUp.mock.restore();
      return looksUp.mock.callCount();
    };
  };
  const settled = () => t.app.passwordResets.flush();
  const mailsOf = ({ id }: Account) =>
    t.app.database.selectFrom('mails').select('id').where('account_id', '=', id).execute();
  const versionOf = async ({ id }: Account) =>
    (await t.app.database.selectFrom('accounts').select('version').where('id', '=', id).executeTakeFirstOrThrow())
      .version;
  /** An account that has had its three links. */
  const makeTired = async (): Promise<Account> => {
    const account = await t.makeAccount({ email: `tired${Math.random()}@example.test`, activated: true });
    for (const _ of [1, 2, 3]) {
      await ask(account.username);
      await settled();
    }
    assert.equal((await mailsOf(account)).length, 3);
    return account;
  };

  test('write nothing for an account that may get no more mails or has no mail address', async () => {
    const nameless = await t.makeAccount({ activated: true });
    for (const account of [await makeTired(), nameless]) {
      const before = await versionOf(account);
      const mails = await mailsOf(account);
      const writes = countWrites(t.app.database);
      await flood(1_000, (index) => (index % 2 === 0 ? account.username : ` ${account.username.toUpperCase()} `));
      await settled();
      const count = writes.count();
      writes.stop();
      assert.deepEqual([await versionOf(account), await mailsOf(account)], [before, mails]);
      assert.equal(count, 0);
    }
  });

  test('do not keep phones from redeeming the code of that account', async () => {
    const account = await makeTired();
    const code = await t.makeToken(account);
    const flooded = flood(300, () => account.username);
    const { body } = await phonesOf(t).get(`/provisioning/${code}`);
    await flooded;
    await settled();
    assert.match(body, new RegExp(account.username));
  });

  test('wait in bounded numbers, with the same answer to all who ask', async () => {
    const account = await t.makeAccount({ email: 'crowded@example.test', activated: true });
    const settle = holdLookUps();
    await flood(300, (index) => `nobody${index}`);
    const lookedUp = await settle();
    assert.ok(lookedUp <= 201, `${lookedUp} were looked up`);
    const lines = t.logged().split('\n');
    const told = lines.filter((line) => line.includes('too many asked for a new password at once'));
    const dropped = told.map((line) => Number(JSON.parse(line).count)).reduce((sum, count) => sum + count, 0);
    assert.equal(lookedUp + dropped, 300);
    await ask(account.username);
    await settled();
    assert.equal((await mailsOf(account)).length, 1, 'afterwards, links are mailed as before');
  });

  test('do not crowd out requests from another network, even for the same name', async () => {
    const account = await t.makeAccount({ email: 'elsewhere@example.test', activated: true });
    const settle = holdLookUps();
    await flood(300, (index) => (index === 299 ? account.username : `somebody${index}`));
    await ask(account.username, '198.51.100.7');
    await flood(300, (index) => `nobody${index}`);
    await settle();
    assert.equal((await mailsOf(account)).length, 1);
  });
});
