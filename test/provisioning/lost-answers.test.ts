import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { getAccount } from '../../src/accounts/account-store.ts';
import { buildServer } from '../../src/server.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import type { Json } from '../support/json.ts';
import { phonesOf } from '../support/phone.ts';
import { getRequest, openConnection } from '../support/raw-request.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

/** As long as it takes for an answer to count as delivered. */
const settleMs = 1_000;

forEachDatabase('an answer that is lost', (makeUrl) => {
  let t: TestApp;
  let port: number;
  let cutAfterCommit: (() => Promise<unknown>) | undefined;
  let hook: (() => Promise<unknown>) | undefined;
  /** The server's ends of the connections, the latest last. */
  const sockets: Socket[] = [];

  before(async () => {
    const hooks = join(tempDirectory(), 'hooks.ts');
    writeFileSync(hooks, 'export default { async proxy() { await globalThis.slowHook?.(); } };\n');
    Object.assign(globalThis, { slowHook: () => hook?.() });
    t = await openTestApp(await makeUrl(), { RINGUP_HOOKS: hooks });
    const { database } = t.app;
    const { applyAll } = database;
    database.applyAll = async (steps) => {
      const applied = await applyAll(steps);
      const cut = cutAfterCommit;
      cutAfterCommit = undefined;
      await cut?.();
      return applied;
    };
    const server = await buildServer(t.app);
    server.server.on('connection', (socket: Socket) => void sockets.push(socket));
    await server.listen({ port: 0, host: '127.0.0.1' });
    port = (server.server.address() as AddressInfo).port;
    closeServer = () => server.close();
  });
  let closeServer: () => Promise<unknown>;
  after(async () => {
    await closeServer();
    await t.close();
  });

  /** Ends the phone's connection, and resolves when the server knows. */
  const hangUp = async (end: () => void): Promise<void> => {
    const socket = sockets.at(-1) ?? assert.fail('nobody is connected');
    // A reset is an error before it is an end.
    const closed = new Promise((resolve) => socket.once('error', () => {}).once('close', resolve));
    end();
    await closed;
  };

  const stored = (account: Account) => getAccount(t.app.database, account.id);
  const outcomeOf = async (account: Account) =>
    (
      await t.app.database
        .selectFrom('tokens')
        .select('outcome')
        .where('account_id', '=', account.id)
        .executeTakeFirstOrThrow()
    ).outcome;
  const toldOf = async ({ id }: Account): Promise<string[]> =>
    (await t.api('GET', `/api/accounts/${id}/events`)).json.data.map(({ sentence }: { sentence: string }) => sentence);
  /** A phone that has its answer whole, on a connection that is still open. */
  const answered = async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    const phone = await openConnection(port);
    phone.send(getRequest(`/provisioning/${token}`));
    await phone.until('</config>');
    return { account, token, phone };
  };
  const comesBack = async (token: string, query = '') =>
    (await fetch(`http://127.0.0.1:${port}/provisioning/${token}${query}`)).text();

  test('uses nothing up and changes no password if it is cut off before the commit', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    const { ha1s } = await stored(account);
    const running = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    hook = () => {
      running.resolve();
      return held.promise;
    };
    const phone = await openConnection(port);
    phone.send(getRequest(`/provisioning/${token}?reset_password`));
    await running.promise;
    await hangUp(phone.reset);
    held.resolve();
    hook = undefined;
    assert.ok(await waitUntil(async () => (await toldOf(account)).length > 2));
    assert.deepEqual((await stored(account)).ha1s, ha1s);
    assert.equal((await stored(account)).activatedAt, null);
    assert.equal(await outcomeOf(account), null);
    const [, , refused] = await toldOf(account);
    assert.match(
      refused ?? '',
      /asked for the account and did not get it: the phone closed the connection before the answer was ready\.$/,
    );
    assert.match(await comesBack(token), /auth_info_0/);
  });

  test('leaves its token valid, with the new password, if it is cut off between the commit and the answer', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    const phone = await openConnection(port);
    // So that the next commit is that of the claim.
    await t.app.deliveries.settleAll();
    cutAfterCommit = () => hangUp(phone.reset);
    phone.send(getRequest(`/provisioning/${token}?reset_password`));
    assert.ok(await waitUntil(async () => (await toldOf(account)).length > 3));
    assert.equal(await outcomeOf(account), 'lost');
    const { ha1s } = await stored(account);
    assert.notDeepEqual(ha1s, account.ha1s);
    const again = await comesBack(token, '?reset_password');
    assert.ok(again.includes(ha1s[0]?.ha1 ?? 'none'));
    assert.deepEqual((await stored(account)).ha1s, ha1s);
    assert.doesNotMatch(await comesBack(token), /auth_info_0/);
    const [, , first, lost, second, last] = await toldOf(account);
    assert.match(first ?? '', /fetched the account, which activated it, with a new password\.$/);
    assert.match(lost ?? '', /^The answer was lost on its way/);
    assert.match(second ?? '', /fetched the account, again, because the earlier answer may not have arrived\.$/);
    assert.match(last ?? '', /did not get it: the code had been used\.$/);
  });

  test('leaves its token valid if it is reset right after it was sent', async () => {
    const { account, token, phone } = await answered();
    await hangUp(phone.reset);
    assert.match(await comesBack(token), /auth_info_0/);
    t.advance(settleMs);
    assert.ok(await waitUntil(async () => (await outcomeOf(account)) === 'delivered'));
    assert.doesNotMatch(await comesBack(token), /auth_info_0/);
    const { json } = await t.api('GET', `/api/accounts/${account.id}/events`);
    const kinds = json.data.map(({ kind }: { kind: string }) => kind);
    assert.deepEqual(
      kinds.filter((kind: string) => ['fetched', 'answer-lost', 'delivered'].includes(kind)),
      ['fetched', 'answer-lost', 'fetched', 'delivered'],
    );
  });

  test('can be fetched again by one of many phones that come back together after a reset', async () => {
    const { token, phone } = await answered();
    await hangUp(phone.reset);
    const answers = await Promise.all(Array.from({ length: 8 }, () => comesBack(token)));
    assert.equal(answers.filter((answer) => answer.includes('auth_info_0')).length, 1);
  });

  test('counts as delivered if the phone closes the connection normally after the whole answer', async () => {
    const { account, token, phone } = await answered();
    await hangUp(() => phone.socket.end());
    assert.doesNotMatch(await comesBack(token), /auth_info_0/);
    t.advance(settleMs);
    assert.ok(await waitUntil(async () => (await outcomeOf(account)) === 'delivered'));
    assert.doesNotMatch(await comesBack(token), /auth_info_0/);
  });

  test('counts as delivered if the connection is reset more than a second later', async () => {
    const { account, token, phone } = await answered();
    t.advance(settleMs);
    assert.ok(await waitUntil(async () => (await outcomeOf(account)) === 'delivered'));
    await hangUp(phone.reset);
    assert.equal(await outcomeOf(account), 'delivered');
    assert.doesNotMatch(await comesBack(token), /auth_info_0/);
  });

  for (const [what, bytes] of [
    ['no request', 'no request\r\n\r\n'],
    ['a header that is too long', `GET / HTTP/1.1\r\nHost: x\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`],
    ['a request without Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['a body without length and end', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ] as const) {
    test(`counts as delivered if it is followed by ${what} on the same connection`, async () => {
      const account = await t.makeAccount();
      const token = await t.makeToken(account);
      const phone = await openConnection(port);
      phone.socket.on('error', () => {});
      phone.send(getRequest(`/provisioning/${token}`));
      await phone.until('</config>');
      await hangUp(() => phone.send(bytes));
      assert.doesNotMatch(await comesBack(token), /auth_info_0/);
      t.advance(settleMs);
      assert.ok(await waitUntil(async () => (await outcomeOf(account)) === 'delivered'));
    });
  }

  test('gives others the base document while it is being sent', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    assert.match(await comesBack(token), /auth_info_0/);
    assert.equal(await outcomeOf(account), 'answering');
    assert.doesNotMatch(await comesBack(token), /auth_info_0/);
  });

  test('is not repeated if the account was blocked meanwhile', async () => {
    const { account, token, phone } = await answered();
    await hangUp(phone.reset);
    await t.api('POST', `/api/accounts/${account.id}/block`);
    assert.doesNotMatch(await comesBack(token), /auth_info_0/);
  });

  /** A phone whose device has been revoked since it got the account. */
  const revokedPhone = async () => {
    await t.setSpace({ refetch: 'every-start' });
    const account = await t.makeAccount({ activated: true });
    const headers = { 'X-Linphone-Provisioning': '1', 'User-Agent': 'LinphoneAndroid/5.2.5' };
    const { address } = await phonesOf(t).redeem(await t.makeToken(account), headers);
    const devices = `/api/accounts/${account.id}/devices`;
    const device = async () => Object.values<Json>((await t.api('GET', devices)).json)[0];
    await t.api('DELETE', `${devices}/${(await device()).id}`);
    await t.setSpace({ refetch: 'once' });
    const url = `http://127.0.0.1:${port}${address}`;
    return {
      request: getRequest(address, headers),
      endedAt: async () => (await device()).ended_at,
      kinds: async (): Promise<string[]> => {
        const { data } = (await t.api('GET', `/api/accounts/${account.id}/events`)).json;
        return data.map(({ kind }: { kind: string }) => kind);
      },
      asksAgain: async () => {
        const answer = await fetch(url, { headers });
        return { status: answer.status, body: await answer.text() };
      },
    };
  };
  const takesAccountAway = /<entry name="reg_sendregister"[^>]*>0</;

  test('is sent again if it is the ending document of a revoked device, and was reset right after it was sent', async () => {
    const revoked = await revokedPhone();
    const phone = await openConnection(port);
    phone.send(revoked.request);
    await phone.until('</config>');
    await hangUp(phone.reset);
    t.advance(settleMs);
    const { status, body } = await revoked.asksAgain();
    assert.equal(status, 200);
    assert.match(body, takesAccountAway);
    assert.equal(await revoked.endedAt(), null);
    t.advance(settleMs);
    assert.ok(await waitUntil(async () => (await revoked.endedAt()) !== null));
    assert.match((await revoked.asksAgain()).body, takesAccountAway);
  });

  test('is lost together with an ending document on the same connection if that is reset', async () => {
    const revoked = await revokedPhone();
    const account = await t.makeAccount();
    const phone = await openConnection(port);
    phone.send(getRequest(`/provisioning/${await t.makeToken(account)}`));
    await phone.until('</config>');
    phone.send(revoked.request);
    assert.ok(await waitUntil(() => phone.received().split('</config>').length === 3));
    await hangUp(phone.reset);
    t.advance(settleMs);
    assert.ok(await waitUntil(async () => (await outcomeOf(account)) === 'lost'));
    assert.equal((await revoked.asksAgain()).status, 200);
  });

  test('counts as delivered once if it is the ending document and the connection is reset more than a second later', async () => {
    const revoked = await revokedPhone();
    const phone = await openConnection(port);
    phone.send(revoked.request);
    await phone.until('</config>');
    assert.equal((await revoked.asksAgain()).status, 200);
    t.advance(settleMs);
    assert.ok(await waitUntil(async () => (await revoked.endedAt()) !== null));
    await hangUp(phone.reset);
    assert.match((await revoked.asksAgain()).body, takesAccountAway);
    assert.equal((await revoked.kinds()).filter((kind) => kind === 'device-ended').length, 1);
  });
});
