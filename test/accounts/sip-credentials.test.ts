import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase("the SIP server's view", (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.app.database.deleteFrom('accounts').where('username', '!=', 'admin').execute();
  });
  after(() => t.close());

  const rows = async (view: string) => {
    const query = sql<
      Record<string, string>
    >`select * from ${sql.table(view)} where username <> 'admin' order by 1, 2, 3, 4`;
    return (await query.execute(t.app.database)).rows.map((row) => ({ ...row }));
  };

  test('has one row for each stored HA1 of each active account, and the same in a table for each algorithm', async () => {
    await t.makeAccount({ username: 'alice', password: 'one', activated: true });
    await t.setSpace({ algorithms: ['SHA-256', 'MD5'] });
    await t.makeAccount({ username: 'bob', password: 'two', activated: true });
    await t.makeAccount({ username: 'inactive' });
    const domain = 'sip.example.test';
    const ha1 = (algorithm: 'SHA-256' | 'MD5', username: string, password: string) =>
      computeHa1(algorithm, username, domain, password);
    const realm = domain;
    assert.deepEqual(await rows('sip_credentials'), [
      { username: 'alice', domain, realm, algorithm: 'SHA-256', ha1: ha1('SHA-256', 'alice', 'one') },
      { username: 'bob', domain, realm, algorithm: 'MD5', ha1: ha1('MD5', 'bob', 'two') },
      { username: 'bob', domain, realm, algorithm: 'SHA-256', ha1: ha1('SHA-256', 'bob', 'two') },
    ]);
    assert.deepEqual(await rows('sip_credentials_sha256'), [
      { username: 'alice', domain, realm, ha1: ha1('SHA-256', 'alice', 'one') },
      { username: 'bob', domain, realm, ha1: ha1('SHA-256', 'bob', 'two') },
    ]);
    assert.deepEqual(await rows('sip_credentials_md5'), [
      { username: 'bob', domain, realm, ha1: ha1('MD5', 'bob', 'two') },
    ]);
    await t.setSpace({ algorithms: ['SHA-256'] });
  });

  test('shows activation, deactivation, blocks, new passwords and new realms immediately', async () => {
    const account = await t.makeAccount({ username: 'carol' });
    const seen = async () => (await rows('sip_credentials')).filter((row) => row.username === 'carol');
    assert.equal((await seen()).length, 0);
    await t.server.inject({ url: `/provisioning/${await t.makeToken(account)}?reset_password` });
    const [first] = await seen();
    assert.notEqual(first?.ha1, account.ha1s[0]?.ha1);
    for (const [change, count] of [
      ['block', 0],
      ['unblock', 1],
      ['deactivate', 0],
      ['activate', 1],
    ] as const) {
      await t.api('POST', `/api/accounts/${account.id}/${change}`);
      assert.equal((await seen()).length, count, change);
    }
    await t.api('PUT', `/api/accounts/${account.id}`, { password: 'three', algorithm: 'MD5' });
    assert.equal((await seen())[0]?.ha1, computeHa1('MD5', 'carol', 'sip.example.test', 'three'));
    await t.setSpace({ realm: 'Realm', confirm: true });
    assert.equal((await seen())[0]?.realm, 'Realm');
    await t.setSpace({ realm: null, confirm: true });
    await t.api('DELETE', `/api/accounts/${account.id}`);
    assert.equal((await seen()).length, 0);
  });

  test('does not contain external accounts', async () => {
    const account = await t.makeAccount({ username: 'dave', activated: true });
    await t.api('POST', `/api/accounts/${account.id}/external`, { username: 'ext', domain: 'x.test', password: 'y' });
    assert.ok((await rows('sip_credentials')).every((row) => row.username !== 'ext'));
  });
});
