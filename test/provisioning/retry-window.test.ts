import assert from 'node:assert/strict';
import type { AddressInfo, Socket } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { operator } from '../../src/events/actor.ts';
import { revokeAllTokens } from '../../src/tokens/revoke-token.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { getRequest, openConnection } from '../support/raw-request.ts';
import { waitUntil } from '../support/wait-until.ts';

const phone = { 'user-agent': 'LinphoneAndroid/5.2', 'x-forwarded-for': '203.0.113.5' };

forEachDatabase('a code that was used a moment ago', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    // A heartbeat would delete other nodes on SQLite.
    t = await openTestApp(await makeUrl(), { RINGUP_TRUSTED_PROXIES: '127.0.0.1' }, { runsJobs: false });
  });
  beforeEach(() => t.setSpace({ retry_window: null }));
  after(() => t.close());

  const newCode = async (account?: Account) => t.makeToken(account ?? (await t.makeAccount()));
  const getsAccount = async (token: string, headers: Record<string, string> = phone, remoteAddress = '127.0.0.1') => {
    const { statusCode, body } = await t.server.inject({ url: `/provisioning/${token}`, headers, remoteAddress });
    assert.equal(statusCode, 200);
    return body.includes('auth_info_0');
  };
  /** How it is answered to the same phone, asking again and again, a second apart. */
  const askSixTimes = async (token: string, ...as: [headers?: Record<string, string>, remoteAddress?: string]) => {
    const answers: boolean[] = [];
    for (let time = 0; time < 6; time += 1) {
      answers.push(await getsAccount(token, ...as));
      t.advance(1_000);
    }
    return answers.map(Number).join('');
  };
  const used = async (account?: Account): Promise<string> => {
    const token = await newCode(account);
    assert.equal(await getsAccount(token), true);
    t.advance(1_000);
    return token;
  };

  test('is answered three times more to the same phone behind a trusted proxy', async () => {
    assert.equal(await askSixTimes(await newCode()), '111100');
  });

  test('is not answered again if the proxy names no address', async () => {
    const { 'user-agent': agent } = phone;
    for (const headers of [{ 'user-agent': agent }, { 'user-agent': agent, 'x-forwarded-for': 'unknown' }]) {
      assert.equal(await askSixTimes(await newCode(), headers), '100000');
    }
  });

  test('is not answered again if someone else than a trusted proxy names an address', async () => {
    assert.equal(await askSixTimes(await newCode(), phone, '192.0.2.9'), '100000');
  });

  test('is not answered again in a space whose window is 0', async () => {
    await t.setSpace({ retry_window: 0 });
    assert.equal(await askSixTimes(await newCode()), '100000');
  });

  test('is answered again to the same client, with or without a proxy, if the space sets a window', async () => {
    await t.setSpace({ retry_window: 10 });
    assert.equal(await askSixTimes(await newCode(), {}, '192.0.2.9'), '111100');
  });

  for (const [who, headers] of [
    ['another address', { ...phone, 'x-forwarded-for': '203.0.113.6' }],
    ['another program', { ...phone, 'user-agent': 'LinphoneiOS/5.2' }],
    ['no program', { 'x-forwarded-for': '203.0.113.5' }],
  ] as const) {
    test(`is not answered to ${who}`, async () => {
      const token = await used();
      assert.equal(await getsAccount(token, headers), false);
      assert.equal(await getsAccount(token), true);
    });
  }

  const unknown = { ...phone, 'user-agent': 'Unknown' };
  for (const agent of ['Linphonec/5.1.65 (belle-sip/5.1.65)', 'HLCall/1.3.7 (Redmi) LinphoneSDK/5.3.10']) {
    test(`is answered to a phone that called itself Unknown at first, and ${agent} after a restart`, async () => {
      const token = await newCode();
      assert.equal(await getsAccount(token, unknown), true);
      t.advance(1_000);
      const named = { ...phone, 'user-agent': agent };
      assert.equal(await getsAccount(token, { ...named, 'x-forwarded-for': '203.0.113.6' }), false);
      assert.equal(await getsAccount(token, named), true);
      t.advance(1_000);
      assert.equal(await getsAccount(token, unknown), false, 'a named phone does not become Unknown again');
    });
  }

  for (const agent of ['curl/8.5.0', 'Mozilla/5.0 (X11; Linux x86_64)', 'HLCall/1.3.7 (Redmi)']) {
    test(`is not answered to ${agent} after a phone that called itself Unknown`, async () => {
      const token = await newCode();
      assert.equal(await getsAccount(token, unknown), true);
      t.advance(1_000);
      assert.equal(await getsAccount(token, { ...phone, 'user-agent': agent }), false);
    });
  }

  test('is answered for a minute after the previous answer ended', async () => {
    const token = await newCode();
    for (let time = 0; time < 3; time += 1) {
      assert.equal(await getsAccount(token), true);
      t.advance(60_000);
    }
    t.advance(1);
    assert.equal(await getsAccount(token), false);
  });

  test('is answered for a minute after the end that the database records for the previous answer', async () => {
    const token = await used();
    const ended = async () => (await rowOf(token)).ended_at;
    assert.ok(await waitUntil(async () => (await ended()) !== null));
    t.advance(58_000);
    assert.equal(await getsAccount(token), true);
    t.advance(61_001);
    assert.equal(await getsAccount(token), false);
  });

  test('is answered to one of several requests that arrive before the answer ends', async () => {
    for (let round = 0; round < 10; round += 1) {
      const token = await newCode();
      const answers = await Promise.all(Array.from({ length: 8 }, () => getsAccount(token)));
      assert.equal(answers.filter(Boolean).length, 1);
    }
  });

  test('is answered to one of several requests that ask again at the same time', async () => {
    const token = await used();
    const answers = await Promise.all(Array.from({ length: 8 }, () => getsAccount(token)));
    assert.equal(answers.filter(Boolean).length, 1);
  });

  for (const [what, end] of [
    ['the account is blocked', (id: number) => t.api('POST', `/api/accounts/${id}/block`)],
    ['a newer code was issued', (id: number) => t.api('POST', `/api/accounts/${id}/provision`)],
    [
      'its phone was revoked',
      async (id: number) => {
        const devices = `/api/accounts/${id}/devices`;
        const [uuid] = Object.keys((await t.api('GET', devices)).json);
        return t.api('DELETE', `${devices}/${uuid}`);
      },
    ],
  ] as const) {
    test(`is not answered again once ${what}`, async () => {
      const account = await t.makeAccount();
      const token = await used(account);
      assert.equal((await end(account.id)).status, 200);
      assert.equal(await getsAccount(token), false);
    });
  }

  for (const [what, end] of [
    ['a code was issued', ({ id }: Account) => t.api('POST', `/api/accounts/${id}/provision`)],
    ['its codes were revoked', (account: Account) => revokeAllTokens(t.app, operator, account)],
    ['the password was changed', ({ id }: Account) => t.api('PUT', `/api/accounts/${id}`, { password: 'renewed' })],
  ] as const) {
    test(`is not answered again once ${what}, if it was the auth token of a phone that signed in`, async () => {
      const account = await t.makeAccount({ activated: true });
      const { api_key: key } = (await t.api('POST', `/api/accounts/${account.id}/api_keys`, { name: 'app' })).json;
      const { token } = (await t.api('POST', '/api/accounts/auth_token')).json;
      await t.server.inject({ url: `/api/accounts/auth_token/${token}/attach`, headers: { 'x-api-key': key } });
      const path = `auth_token/${token}`;
      assert.equal(await getsAccount(path), true);
      t.advance(1_000);
      assert.equal(await getsAccount(path), true);
      t.advance(1_000);
      await end(account);
      const asked = { url: `/provisioning/${path}`, headers: phone, remoteAddress: '127.0.0.1' };
      assert.equal((await t.server.inject(asked)).statusCode, 404);
    });
  }

  test('stays used when the clock is set back', async () => {
    const token = await used();
    t.advance(3_600_000);
    assert.equal(await getsAccount(token), false);
    t.advance(-3_600_000);
    assert.equal(await getsAccount(token), false);
    t.advance(-3_600_000);
    assert.equal(await getsAccount(token), false);
    for (let minute = 0; minute < 60; minute += 1) {
      t.advance(60_000);
      assert.equal(await getsAccount(token), false);
    }
    t.advance(3_600_000);
  });

  const rowOf = async (token: string) => {
    const { prefix } = { prefix: token.slice(0, 6) };
    return t.app.database.selectFrom('tokens').selectAll().where('prefix', '=', prefix).executeTakeFirstOrThrow();
  };
  /** Has another process answer the token now, which gives signs of life or does not. */
  const answeredElsewhere = async (token: string, alive: boolean) => {
    const { id } = await rowOf(token);
    await t.app.database
      .updateTable('tokens')
      .set({ outcome: 'answering', boot_id: 'another', ended_at: null, attempts: 2 })
      .where('id', '=', id)
      .execute();
    const sign = { boot_id: 'another', seen_at: Date.now() + 60_000 };
    if (alive) await t.app.database.insertInto('nodes').values(sign).execute();
  };
  const settled = async (token: string) =>
    assert.ok(await waitUntil(async () => (await rowOf(token)).outcome === 'delivered'));

  test('gets 503 while another node answers, and the timeline says so', async () => {
    const account = await t.makeAccount();
    const token = await used(account);
    await settled(token);
    await answeredElsewhere(token, true);
    const { statusCode, headers, body } = await t.server.inject({ url: `/provisioning/${token}`, headers: phone });
    await t.app.database.deleteFrom('nodes').where('boot_id', '=', 'another').execute();
    assert.deepEqual([statusCode, headers['retry-after'], headers['cache-control']], [503, '1', 'no-store']);
    assert.equal(body, 'Another node is answering this code at the moment: try again in a second.\n');
    const { data } = (await t.api('GET', `/api/accounts/${account.id}/events`)).json;
    assert.equal(
      data.findLast(({ kind }: { kind: string }) => kind === 'refused').detail.reason,
      'answering-elsewhere',
    );
  });

  test('is answered when the node that was answering has died', async () => {
    const token = await used();
    await settled(token);
    await answeredElsewhere(token, false);
    assert.equal(await getsAccount(token, { 'user-agent': 'anyone' }), true);
  });
});

forEachDatabase('an answer through a trusted proxy', (makeUrl) => {
  let t: TestApp;
  let port: number;
  const sockets: Socket[] = [];
  before(async () => {
    t = await openTestApp(await makeUrl(), { RINGUP_TRUSTED_PROXIES: '127.0.0.1' });
    t.server.server.on('connection', (socket: Socket) => void sockets.push(socket));
    await t.server.listen({ port: 0, host: '127.0.0.1' });
    port = (t.server.server.address() as AddressInfo).port;
  });
  after(() => t.close());

  const kindsOf = async ({ id }: Account): Promise<string[]> => {
    const { data } = (await t.api('GET', `/api/accounts/${id}/events`)).json;
    return data.map(({ kind }: { kind: string }) => kind);
  };
  const asked = async (token: string, headers: Record<string, string>) =>
    (await fetch(`http://127.0.0.1:${port}/provisioning/${token}`, { headers })).text();

  test('counts as delivered even if the proxy resets its connection, as HAProxy does', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    const proxy = await openConnection(port);
    proxy.send(getRequest(`/provisioning/${token}`, phone));
    await proxy.until('</config>');
    const socket = sockets.at(-1) ?? assert.fail('nobody is connected');
    const closed = new Promise((resolve) => socket.once('error', () => {}).once('close', resolve));
    proxy.reset();
    await closed;
    assert.doesNotMatch(await asked(token, { ...phone, 'user-agent': 'another' }), /auth_info_0/);
    assert.ok(await waitUntil(async () => (await kindsOf(account)).includes('delivered')));
    assert.ok(!(await kindsOf(account)).includes('answer-lost'));
    assert.doesNotMatch(await asked(token, { ...phone, 'x-forwarded-for': '203.0.113.9' }), /auth_info_0/);
  });

  test('counts as lost if the proxy disconnects before it has received all of it', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    const proxy = await openConnection(port);
    const socket = sockets.at(-1) ?? assert.fail('nobody is connected');
    const { database } = t.app;
    const { applyAll } = database;
    const isClaimed = async () => {
      const tokens = database.selectFrom('tokens').select('claimed_at').where('account_id', '=', account.id);
      return (await tokens.executeTakeFirstOrThrow()).claimed_at !== null;
    };
    database.applyAll = async (steps) => {
      const applied = await applyAll(steps);
      // What was left of earlier answers may be written first.
      if (!(await isClaimed())) return applied;
      database.applyAll = applyAll;
      const closed = new Promise((resolve) => socket.once('error', () => {}).once('close', resolve));
      proxy.reset();
      await closed;
      return applied;
    };
    proxy.send(getRequest(`/provisioning/${token}`, phone));
    assert.ok(await waitUntil(async () => (await kindsOf(account)).includes('answer-lost')));
    assert.match(await asked(token, { 'user-agent': 'another' }), /auth_info_0/);
  });
});
