import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { assertValidDocument, parseDocument } from '../support/xml.ts';

const minute = 60_000;
const eight = Array.from({ length: 8 });

forEachDatabase('auth tokens', (makeUrl) => {
  let t: TestApp;
  let alice: Account;
  let key: string;
  before(async () => {
    t = await openTestApp(await makeUrl());
    alice = await t.makeAccount({ activated: true });
    key = await keyOf(alice);
  });
  after(() => t.close());

  const keyOf = async (account: Account): Promise<string> =>
    (await t.api('POST', `/api/accounts/${account.id}/api_keys`, {})).json.api_key;
  const issue = async (): Promise<string> =>
    (await t.server.inject({ method: 'POST', url: '/api/accounts/auth_token' })).json().token;
  const attach = (token: string, apiKey = key) =>
    t.server.inject({ url: `/api/accounts/auth_token/${token}/attach`, headers: { 'x-api-key': apiKey } });
  const attached = async (apiKey = key): Promise<string> => {
    const token = await issue();
    assert.equal((await attach(token, apiKey)).statusCode, 200);
    return token;
  };
  const redeem = (token: string) => t.server.inject({ url: `/api/accounts/me/api_key/${token}` });
  const fetchDocument = (token: string, headers: Record<string, string> = {}) =>
    t.server.inject({ url: `/provisioning/auth_token/${token}`, headers });

  test('anyone can get an auth token, which expires after ten minutes', async () => {
    const answer = await t.server.inject({ method: 'POST', url: '/api/accounts/auth_token' });
    assert.equal(answer.statusCode, 201);
    assert.equal(answer.headers['content-type'], 'application/json');
    const { token, expires_at: expiresAt, ...rest } = answer.json();
    assert.deepEqual(rest, {});
    assert.match(token, /^[A-Za-z0-9]{22}$/);
    assert.equal(Date.parse(expiresAt), t.app.now() + 10 * minute);
    assert.ok(!JSON.stringify(await dumpDatabase(t.app.database)).includes(token));
  });

  test('a second device gets a key for the auth token that a signed-in device attached', async () => {
    const token = await attached();
    const answer = await redeem(token);
    assert.equal(answer.statusCode, 200);
    const { api_key: key, ...others } = answer.json();
    assert.match(key, /^[A-Za-z0-9]{22}$/);
    assert.deepEqual(others, {});
    assert.match(String(answer.headers['set-cookie']), new RegExp(`^x-api-key=${key};.*HttpOnly`));
    const me = await t.server.inject({ url: '/api/accounts/me', headers: { 'x-api-key': key } });
    assert.equal(me.json().id, alice.id);
    const accounts = await t.server.inject({ url: '/api/accounts', headers: { 'x-api-key': key } });
    assert.equal(accounts.statusCode, 403);
  });

  test('a phone gets the account document for an attached token; this activates nothing and ignores reset_password', async () => {
    const token = await attached();
    const answer = await t.server.inject({ url: `/provisioning/auth_token/${token}?reset_password` });
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers['content-type'], 'application/xml');
    assert.equal(answer.headers['cache-control'], 'no-store');
    assertValidDocument(answer.body);
    assert.equal(parseDocument(answer.body).get('auth_info_0')?.get('ha1')?.value, alice.ha1s[0]?.ha1);
    assert.equal((await fetchDocument(token)).statusCode, 404);
  });

  test('fetching a key or a document uses the token up', async () => {
    const token = await attached();
    await redeem(token);
    assert.equal((await redeem(token)).statusCode, 404);
    assert.equal((await fetchDocument(token)).statusCode, 404);
    const other = await attached();
    await fetchDocument(other);
    assert.equal((await redeem(other)).statusCode, 404);
  });

  test('exactly one of eight devices that request a key at once gets it', async () => {
    for (let round = 0; round < 20; round += 1) {
      const token = await attached();
      const answers = await Promise.all(eight.map(() => redeem(token)));
      assert.equal(answers.filter((answer) => answer.statusCode === 200).length, 1);
      assert.equal(answers.filter((answer) => answer.statusCode === 404).length, 7);
    }
  });

  test('exactly one of eight phones that request the document at once gets it', async () => {
    for (let round = 0; round < 20; round += 1) {
      const token = await attached();
      const answers = await Promise.all(eight.map(() => fetchDocument(token)));
      assert.equal(answers.filter((answer) => answer.statusCode === 200).length, 1);
      assert.equal(answers.filter((answer) => answer.statusCode === 404).length, 7);
    }
  });

  test('exactly one of four phones and four devices that use a token at once gets an answer', async () => {
    for (let round = 0; round < 20; round += 1) {
      const token = await attached();
      const answers = await Promise.all(
        eight.map((_, index) => (index % 2 === 0 ? redeem(token) : fetchDocument(token))),
      );
      assert.equal(answers.filter((answer) => answer.statusCode === 200).length, 1, `round ${round}`);
      assert.equal(answers.filter((answer) => answer.statusCode === 404).length, 7, `round ${round}`);
    }
  });

  test('exactly one of eight users who attach the same token at once succeeds', async () => {
    const keys = await Promise.all(eight.map(async () => keyOf(await t.makeAccount({ activated: true }))));
    const token = await issue();
    const answers = await Promise.all(keys.map((each) => attach(token, each)));
    assert.equal(answers.filter((answer) => answer.statusCode === 200).length, 1);
    assert.equal(answers.filter((answer) => answer.statusCode === 404).length, 7);
    assert.equal((await attach(token, keys[0])).statusCode, 404);
  });

  test('a token that is not attached yet gives access to nothing, and requests do not use it up', async () => {
    const token = await issue();
    assert.equal((await redeem(token)).statusCode, 404);
    assert.equal((await fetchDocument(token)).statusCode, 404);
    assert.equal((await attach(token)).statusCode, 200);
    assert.equal((await redeem(token)).statusCode, 200);
  });

  test('only a signed-in user can attach a token', async () => {
    const token = await issue();
    const url = `/api/accounts/auth_token/${token}/attach`;
    assert.equal((await t.server.inject({ url })).statusCode, 401);
    const inactive = await keyOf(await t.makeAccount());
    assert.equal((await attach(token, inactive)).statusCode, 403);
    assert.equal((await t.server.inject({ url, headers: { cookie: `x-api-key=${key}` } })).statusCode, 403);
    assert.equal((await attach(token)).statusCode, 200);
  });

  test('a token expires ten minutes after it was issued, attached or not', async () => {
    const [open, taken, asKey] = [await issue(), await attached(), await attached()];
    t.advance(10 * minute);
    assert.equal((await attach(open)).statusCode, 404);
    assert.equal((await fetchDocument(taken)).statusCode, 404);
    assert.equal((await redeem(asKey)).statusCode, 404);
  });

  for (const change of ['block', 'deactivate'] as const) {
    test(`${change} ends the attached tokens of an account, which stay ended after it is undone`, async () => {
      const account = await t.makeAccount({ activated: true });
      const [one, two] = [await attached(await keyOf(account)), await attached(await keyOf(account))];
      await t.api('POST', `/api/accounts/${account.id}/${change}`);
      assert.equal((await fetchDocument(one)).statusCode, 404);
      assert.equal((await redeem(two)).statusCode, 404);
      await t.api('POST', `/api/accounts/${account.id}/${change === 'block' ? 'unblock' : 'activate'}`);
      assert.equal((await fetchDocument(one)).statusCode, 404);
      assert.equal((await redeem(two)).statusCode, 404);
    });
  }

  test('a provisioning token does not work as an auth token, and an auth token not as a provisioning token', async () => {
    const account = await t.makeAccount({ activated: true });
    const provisioning = await t.makeToken(account);
    assert.equal((await redeem(provisioning)).statusCode, 404);
    assert.equal((await fetchDocument(provisioning)).statusCode, 404);
    assert.equal((await attach(provisioning)).statusCode, 404);
    const auth = await attached();
    assert.doesNotMatch((await t.server.inject({ url: `/provisioning/${auth}` })).body, /auth_info/);
    assert.equal((await t.server.inject({ url: `/provisioning/qrcode/${auth}` })).statusCode, 404);
    assert.equal((await fetchDocument(auth)).statusCode, 200);
    assert.match((await t.server.inject({ url: `/provisioning/${provisioning}` })).body, /auth_info/);
  });

  test('issuing a provisioning token does not end an auth token', async () => {
    const token = await attached();
    await t.api('POST', `/api/accounts/${alice.id}/provision`);
    assert.equal((await fetchDocument(token)).statusCode, 200);
  });

  const harmless: readonly [string, Record<string, string>, 'GET' | 'HEAD' | 'OPTIONS' | 'POST'][] = [
    ['HEAD', {}, 'HEAD'],
    ['OPTIONS', {}, 'OPTIONS'],
    ['POST', {}, 'POST'],
    ['a prefetch', { 'sec-purpose': 'prefetch' }, 'GET'],
    ['a browser', { accept: 'text/html,*/*' }, 'GET'],
  ];
  for (const [who, headers, method] of harmless) {
    test(`${who} does not use a token up`, async () => {
      const token = await attached();
      const before = await dumpDatabase(t.app.database);
      const answer = await t.server.inject({ method, url: `/provisioning/auth_token/${token}`, headers });
      assert.doesNotMatch(answer.body, /auth_info/);
      assert.deepEqual(await dumpDatabase(t.app.database), before);
      assert.equal((await fetchDocument(token)).statusCode, 200);
    });
  }

  test('a browser sees the QR code of a token, or that the token no longer works', async () => {
    const token = await attached();
    const accept = { accept: 'text/html' };
    const page = await fetchDocument(token, accept);
    assert.equal(page.statusCode, 200);
    assert.match(
      page.body,
      new RegExp(`linphone-config:https://ringup\\.example\\.test/provisioning/auth_token/${token}"`),
    );
    await fetchDocument(token);
    const gone = await fetchDocument(token, accept);
    assert.equal(gone.statusCode, 200);
    assert.doesNotMatch(gone.body, /linphone-config:/);
  });

  test('a lost answer is repeated, as for provisioning tokens', async () => {
    const token = await attached();
    await fetchDocument(token);
    assert.equal((await fetchDocument(token)).statusCode, 404);
    await t.app.database.updateTable('tokens').set({ boot_id: 'gone' }).execute();
    const answers = await Promise.all([1, 2, 3].map(() => fetchDocument(token)));
    assert.deepEqual(answers.map((answer) => answer.statusCode).sort(), [200, 404, 404]);
  });

  test('100 of 200 simultaneous requests from one address, or from one IPv6 /64, get a token, and other addresses still get one', async () => {
    const ask = (remoteAddress: string) =>
      t.server.inject({ method: 'POST', url: '/api/accounts/auth_token', remoteAddress });
    for (const addressOf of [() => '192.0.2.7', (n: number) => `2001:db8:1:2::${n + 1}`]) {
      const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => ask(addressOf(n))));
      const refused = answers.filter((answer) => answer.statusCode === 429);
      assert.equal(answers.filter((answer) => answer.statusCode === 201).length, 100);
      assert.equal(refused.length, 100);
      assert.equal(refused[0]?.json().code, 'too-many-open');
      assert.equal(refused[0]?.headers['retry-after'], '600');
    }
    for (const other of ['192.0.2.8', '2001:db8:1:3::1']) assert.equal((await ask(other)).statusCode, 201);
    t.advance(4 * minute);
    assert.equal((await ask('192.0.2.7')).headers['retry-after'], '360');
    t.advance(6 * minute);
    assert.equal((await ask('192.0.2.7')).statusCode, 201);
  });
});

forEachDatabase('10,000 open auth tokens', (makeUrl) => {
  let t: TestApp;
  const ask = (remoteAddress: string) =>
    t.server.inject({ method: 'POST', url: '/api/accounts/auth_token', remoteAddress });
  const open = async (hash: string) =>
    (await t.app.database.selectFrom('tokens').select('id').where('token_hash', '=', hash).execute()).length === 1;

  /** 9,999 tokens of 200 addresses, 10.0.0.0 with one less than the others. */
  before(async () => {
    t = await openTestApp(await makeUrl());
    const row = { kind: 'auth', created_at: t.app.now() };
    const all = Array.from({ length: 9_999 }, (_, n) => ({
      ...row,
      expires_at: t.app.now() + minute + n,
      token_hash: `hash ${n}`,
      client_address: `10.0.0.${(n + 1) % 200}`,
    }));
    for (let start = 0; start < all.length; start += 1_000) {
      await t.app.database
        .insertInto('tokens')
        .values(all.slice(start, start + 1_000))
        .execute();
    }
  });
  after(() => t.close());

  test('leave room for a new one: it replaces the oldest of the address that has the most, even for eight clients at once', async () => {
    assert.deepEqual(
      (await Promise.all(Array.from({ length: 10 }, () => ask('10.0.0.1')))).map((answer) => answer.statusCode),
      Array.from({ length: 10 }, () => 201),
    );
    // The first took the last free place, the others one of their own each: they have most.
    for (let n = 0; n < 9; n += 1) assert.equal(await open(`hash ${n * 200}`), false, `hash ${n * 200}`);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => ask(`192.0.2.${n}`)));
    assert.deepEqual(
      answers.map((answer) => answer.statusCode),
      Array.from({ length: 8 }, () => 201),
    );
    const { total } = await t.app.database
      .selectFrom('tokens')
      .where('kind', '=', 'auth')
      .select((of) => of.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    assert.equal(Number(total), 10_000);
  });

  test('do not count once they have expired', async () => {
    t.advance(2 * minute);
    assert.equal((await ask('10.0.0.1')).statusCode, 201);
    assert.equal(await open('hash 5000'), true, 'an expired one need not give way');
  });
});
