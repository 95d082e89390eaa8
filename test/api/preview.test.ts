import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';

interface Change {
  section: string;
  name: string;
  before: string | null;
  after: string | null;
}

forEachDatabase('previews', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.setSpace({ linphonerc: '[sip]\n# a comment\nmedia_encryption=srtp\n[ui]\ntheme=dark\n', seeded: ['ui/*'] });
  });
  after(() => t.close());

  const preview = async (id: number, query = '') => (await t.api('GET', `/api/accounts/${id}/preview${query}`)).json;
  const entryOf = (
    json: { sections: { name: string; entries: { name: string }[] }[] },
    section: string,
    name: string,
  ) => json.sections.find((each) => each.name === section)?.entries.find((each) => each.name === name);
  const redeem = (token: string, query = '') => t.server.inject({ url: `/provisioning/${token}${query}` });

  test('name the layer and line of each entry and whether it is pinned, and hide secrets', async () => {
    const account = await t.makeAccount({ display_name: 'Alice' });
    const json = await preview(account.id);
    assert.equal(json.sip_uri, `sip:${account.username}@sip.example.test`);
    const space = {
      layer: 'space',
      file: 'space sip.example.test',
      value: 'srtp',
      overwrite: true,
      line: 3,
      name: 'media_encryption',
    };
    assert.deepEqual(entryOf(json, 'sip', 'media_encryption'), space);
    assert.equal(entryOf(json, 'ui', 'theme')?.['overwrite' as never], false);
    assert.equal(entryOf(json, 'proxy_0', 'reg_identity')?.['layer' as never], 'account');
    assert.equal(entryOf(json, 'auth_info_0', 'ha1')?.['value' as never], '********');
    assert.equal(entryOf(json, 'misc', 'contacts-vcard-list')?.['layer' as never], 'server');
    assert.equal(json.last_fetched_at, null);
    assert.deepEqual(json.changes, []);
  });

  test('a key with / reaches phones, is seeded, previewed and compared', async () => {
    const account = await t.makeAccount();
    const [section, name] = ['ui', 'disable_chat_feature/readonly'];
    await t.setSpace({ linphonerc: `[${section}]\n${name}=1\n`, seeded: [`${section}/${name}`] });
    assert.equal(entryOf(await preview(account.id), section, name)?.['overwrite' as never], false);
    const fetched = await redeem(await t.makeToken(account));
    assert.ok(fetched.body.includes(`<entry name="${name}">1</entry>`), fetched.body);
    await t.setSpace({ linphonerc: '[sip]\n# a comment\nmedia_encryption=srtp\n[ui]\ntheme=dark\n', seeded: ['ui/*'] });
    const changes: Change[] = (await preview(account.id)).changes;
    assert.deepEqual(
      changes.find((each) => each.section === section && each.name === name),
      { section, name, before: '1', after: null },
    );
  });

  test('use nothing up and change nothing, and show hooks the path that a phone would request', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    const untouched = await dumpDatabase(t.app.database);
    await preview(account.id, '?token');
    await preview(account.id, '?token=1&query=reset_password');
    assert.deepEqual(await dumpDatabase(t.app.database), untouched);
    assert.match((await redeem(token)).body, /auth_info_0/);
  });

  test('list what has changed since a phone last fetched, and hide the values of changed passwords', async () => {
    const account = await t.makeAccount({ display_name: 'Before' });
    const identity = (name: string) => `"${name}" <sip:${account.username}@sip.example.test>`;
    await redeem(await t.makeToken(account));
    const fetched = await preview(account.id);
    assert.match(fetched.last_fetched_at, /^\d{4}-/);
    assert.deepEqual(fetched.changes, []);

    await t.api('PUT', `/api/accounts/${account.id}`, { display_name: 'After', password: 'another secret' });
    await t.setSpace({ linphonerc: '[sip]\nmedia_encryption=zrtp\n' });
    const changes: Change[] = (await preview(account.id)).changes;
    assert.deepEqual(
      changes.sort((one, other) => `${one.section}${one.name}`.localeCompare(`${other.section}${other.name}`)),
      [
        { section: 'auth_info_0', name: 'ha1', before: '********', after: '********' },
        { section: 'proxy_0', name: 'reg_identity', before: identity('Before'), after: identity('After') },
        { section: 'sip', name: 'media_encryption', before: 'srtp', after: 'zrtp' },
        { section: 'ui', name: 'theme', before: 'dark', after: null },
      ],
    );
    await redeem(await t.makeToken(account));
    assert.deepEqual((await preview(account.id)).changes, []);
  });

  test('the stored copy of a fetched document contains no secret', async () => {
    const account = await t.makeAccount();
    await redeem(await t.makeToken(account));
    await t.app.fetched.flush();
    const rows = await t.app.database.selectFrom('fetched_documents').selectAll().execute();
    assert.ok(rows.some((row) => row.account_id === account.id));
    for (const { ha1 } of account.ha1s) assert.ok(!JSON.stringify(rows).includes(ha1));
  });

  test('deleting an account also deletes its kept document, even one that is just being written', async () => {
    const account = await t.makeAccount();
    await redeem(await t.makeToken(account));
    assert.equal((await t.api('DELETE', `/api/accounts/${account.id}`)).status, 200);
    await t.app.fetched.flush();
    assert.equal(await t.app.fetched.find(account.id), undefined);
    assert.equal((await t.api('GET', `/api/accounts/${account.id}/preview`)).status, 404);
  });

  test('are hidden from users and strangers', async () => {
    const account = await t.makeAccount();
    const reply = await t.server.inject({ url: `/api/accounts/${account.id}/preview` });
    assert.equal(reply.statusCode, 401);
  });
});
