import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { waitUntil } from '../support/wait-until.ts';

const other = 'other.example.test';

forEachDatabase('invitations by the API', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.api('POST', '/api/spaces', { domain: other });
  });
  after(() => t.close());
  const setMail = () => t.setSpace({ smtp_url: 'smtp://127.0.0.1:2525', mail_from: 'phones@example.test' });
  const queued = async () => Number((await t.app.database.selectFrom('mails').selectAll().execute()).length);

  test('are refused without a mail server, and nothing changes', async () => {
    const account = await t.makeAccount({ email: 'early@example.test' });
    const before = await dumpDatabase(t.app.database);
    const { status, json } = await t.api('POST', `/api/accounts/${account.id}/send_provisioning_email`);
    assert.deepEqual([status, json.code], [409, 'no-mail-server']);
    assert.equal((await t.api('POST', '/api/accounts/invitations', { accounts: [account.id] })).status, 409);
    assert.deepEqual(await dumpDatabase(t.app.database), before);
    await setMail();
  });

  test('return 200 and an empty object for one account, and 403 if it has no mail address', async () => {
    const account = await t.makeAccount({ email: 'one@example.test' });
    const answer = await t.api('POST', `/api/accounts/${account.id}/send_provisioning_email`);
    assert.deepEqual([answer.status, answer.json], [200, {}]);
    const without = await t.makeAccount();
    const refused = await t.api('POST', `/api/accounts/${without.id}/send_provisioning_email`);
    assert.deepEqual([refused.status, refused.json.code], [403, 'no-mail-address']);
    assert.equal((await t.api('GET', `/api/accounts/${without.id}/tokens`)).json.length, 0);
  });

  test('return 202 and the numbers for several accounts, and leave blocked accounts out', async () => {
    const accounts = [];
    for (const email of ['a@example.test', 'b@example.test', null]) accounts.push(await t.makeAccount({ email }));
    const blocked = await t.makeAccount({ email: 'c@example.test' });
    await t.api('POST', `/api/accounts/${blocked.id}/block`);
    const before = await queued();
    const ids = [...accounts, blocked].map(({ id }) => id);
    const { status, json } = await t.api('POST', '/api/accounts/invitations', { accounts: [...ids, ids[0]] });
    assert.deepEqual([status, json], [202, { queued: 2, without_address: 1, left_out: 0, blocked: 1 }]);
    assert.equal((await queued()) - before, 2);
  });

  test('are refused if the only account named is blocked', async () => {
    const blocked = await t.makeAccount({ email: 'only@example.test' });
    await t.api('POST', `/api/accounts/${blocked.id}/block`);
    const before = await queued();
    const accounts = [blocked.id, blocked.id];
    const { status, json } = await t.api('POST', '/api/accounts/invitations', { accounts });
    assert.deepEqual([status, json.code], [409, 'conflict']);
    assert.equal(await queued(), before);
  });

  test('go only to accounts of one space that have not used a code, with the filter `waiting`', async () => {
    const fresh = { email: 'fresh@example.test', domain: other };
    const waiting = await t.makeAccount(fresh);
    const done = await t.makeAccount({ ...fresh, email: 'done@example.test' });
    await t.server.inject({ url: `/provisioning/${await t.makeToken(done)}` });
    const states = t.app.database.selectFrom('account_states').select('state').where('account_id', '=', done.id);
    assert.ok(
      await waitUntil(
        async () => (await t.app.deliveries.settleAll()) && (await states.executeTakeFirstOrThrow()).state === 'active',
      ),
    );
    const { json } = await t.api('POST', '/api/accounts/invitations', { filter: 'waiting', domain: other });
    assert.deepEqual(json, { queued: 1, without_address: 0, left_out: 0, blocked: 0 });
    const mails = await t.app.database
      .selectFrom('mails')
      .select('account_id')
      .where('recipient', 'like', '%@example.test')
      .execute();
    assert.ok(mails.some(({ account_id }) => account_id === waiting.id));
    assert.ok(!mails.some(({ account_id }) => account_id === done.id));
  });

  test('must name either accounts or a filter, and only accounts that the caller manages', async () => {
    // The outbox goes on sending what waits, so only what invitations would add is compared.
    const added = async () => [
      await t.app.database.selectFrom('mails').select('id').orderBy('id').execute(),
      await t.app.database.selectFrom('tokens').select('id').orderBy('id').execute(),
    ];
    const before = await added();
    for (const body of [{}, { accounts: [1], filter: 'waiting' }, { filter: 'nobody' }, { accounts: [0] }]) {
      assert.equal((await t.api('POST', '/api/accounts/invitations', body)).status, 422, JSON.stringify(body));
    }
    assert.equal((await t.api('POST', '/api/accounts/invitations', { accounts: [999_999] })).status, 404);
    assert.deepEqual(await added(), before);
  });

  test('are refused if they name accounts together with options of a filter, and nothing is queued', async () => {
    const { id } = await t.makeAccount({ email: 'named@example.test' });
    const before = await queued();
    for (const [fields, wrong] of [
      [{ invited: 'everyone' }, ['invited']],
      [{ domain: other }, ['domain']],
      [{ invited: '7d', domain: other }, ['invited', 'domain']],
    ] as const) {
      const { status, json } = await t.api('POST', '/api/accounts/invitations', { accounts: [id], ...fields });
      assert.deepEqual([status, Object.keys(json.errors)], [422, wrong]);
      for (const name of wrong) assert.match(String(json.errors[name]), /cannot be combined with accounts/);
    }
    assert.equal(await queued(), before);
  });

  test('leave one code and one waiting mail if one account is invited twenty times at once', async () => {
    const account = await t.makeAccount({ email: 'race@example.test' });
    const url = `/api/accounts/${account.id}/send_provisioning_email`;
    const answers = await Promise.all(Array.from({ length: 20 }, () => t.api('POST', url)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal((await t.api('GET', `/api/accounts/${account.id}/tokens`)).json.length, 1);
    const mails = t.app.database.selectFrom('mails').selectAll().where('account_id', '=', account.id);
    const unclaimed = (await mails.execute()).filter((row) => row.claimed_by === null && row.state === 'waiting');
    assert.ok(unclaimed.length <= 1);
  });

  test('reach each member of a group once unless repetition is requested, even if ten requests come at once', async () => {
    const domain = 'twice.example.test';
    await t.api('POST', '/api/spaces', { domain });
    for (const email of ['a@twice.test', 'b@twice.test', null]) await t.makeAccount({ email, domain });
    const ask = async (fields: object = {}) =>
      (await t.api('POST', '/api/accounts/invitations', { filter: 'waiting', domain, ...fields })).json;
    const race = await Promise.all(Array.from({ length: 10 }, () => ask()));
    assert.deepEqual(race.map(({ queued }) => queued).toSorted(), [0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    await t.app.database
      .updateTable('account_states')
      .set({ invited_at: t.app.now() })
      .where('account_id', 'in', (from) => from.selectFrom('mails').select('account_id'))
      .execute();
    await t.app.database.deleteFrom('mails').execute();
    assert.deepEqual(
      await ask({ invited: 'never' }),
      { queued: 0, without_address: 1, left_out: 2, blocked: 0 },
      'the outbox forgets them',
    );
    assert.deepEqual(await ask({ invited: '7d' }), { queued: 0, without_address: 0, left_out: 3, blocked: 0 });
    t.advance(7 * 86_400_000);
    assert.deepEqual(await ask({ invited: '8d' }), { queued: 0, without_address: 0, left_out: 3, blocked: 0 });
    assert.deepEqual(await ask({ invited: '7d' }), { queued: 2, without_address: 0, left_out: 1, blocked: 0 });
    assert.deepEqual(
      await ask({ invited: '7d' }),
      { queued: 0, without_address: 0, left_out: 3, blocked: 0 },
      'their mails wait',
    );
    assert.deepEqual(await ask({ invited: 'everyone' }), { queued: 2, without_address: 1, left_out: 0, blocked: 0 });
    for (const wrong of [{ invited: 'sometimes' }, { invited: '0' }, { invited: 7 }]) {
      const body = { filter: 'waiting', domain, ...wrong };
      const { status, json } = await t.api('POST', '/api/accounts/invitations', body);
      assert.deepEqual([status, Object.keys(json.errors)], [422, ['invited']], JSON.stringify(wrong));
    }
  });
});
