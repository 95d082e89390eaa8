import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { buildServer } from '../../src/server.ts';
import { dialectOf } from '../../src/storage/dialect.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { breakWrites } from '../support/broken-writes.ts';
import { environmentOf } from '../support/cli.ts';
import { forEachDatabase } from '../support/databases.ts';
import type { Json } from '../support/json.ts';
import { phonesOf } from '../support/phone.ts';
import { executeSql } from '../support/postgres.ts';
import { getRequest, openConnection } from '../support/raw-request.ts';
import { waitUntil } from '../support/wait-until.ts';

const generousMs = 60_000;
const modern = { 'x-linphone-provisioning': '1', 'user-agent': 'LinphoneAndroid/5.2.5 (Pixel 7) LinphoneSDK/5.3.74' };

/** What happened just before nothing could be written any more, and while that was so. */
interface Outage {
  readonly used: readonly string[];
  readonly lost: Account;
  readonly refusedAccount: Account;
}

async function startOutage(t: TestApp, url: string): Promise<{ outage: Outage; end: () => Promise<void> }> {
  const server = await buildServer(t.app);
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as AddressInfo;
  const fetched = (path: string, headers: Record<string, string> = modern) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers }).then((response) => response.text());
  const newToken = async () => t.makeToken(await t.makeAccount());

  await t.setSpace({ refetch: 'every-start' });
  const leaver = await t.makeAccount();
  const { address } = await phonesOf(t).redeem(await t.makeToken(leaver), modern);
  const [uuid] = Object.keys((await t.api('GET', `/api/accounts/${leaver.id}/devices`)).json);
  assert.equal((await t.api('DELETE', `/api/accounts/${leaver.id}/devices/${uuid}`)).status, 200);
  const user = await t.makeAccount();
  const { api_key: apiKey } = (await t.api('POST', `/api/accounts/${user.id}/api_keys`, { name: 'script' })).json;
  const refusedAccount = await t.makeAccount();
  const revoked = await t.makeToken(refusedAccount);
  await t.makeToken(refusedAccount);
  const lost = await t.makeAccount();
  const lostToken = await t.makeToken(lost);
  const used = await Promise.all(Array.from({ length: 5 }, newToken));

  for (const answer of await Promise.all(used.map((token) => fetched(`/provisioning/${token}`)))) {
    assert.match(answer, /auth_info_0/);
  }
  const connected: Promise<Socket[]> = once(server.server, 'connection');
  const phone = await openConnection(port);
  const [socket] = await connected;
  const lostItsConnection = new Promise((resolve) => socket?.once('error', () => {}).once('close', resolve));
  phone.send(getRequest(`/provisioning/${lostToken}`, modern));
  await phone.until('</config>');
  const end = await breakWrites(url);
  phone.reset();
  await lostItsConnection;
  t.advance(120_000);
  assert.match(await fetched(address), /"ha1"[^<]*>0{64}</);
  assert.match(await fetched('/api/accounts/me', { 'x-api-key': apiKey }), new RegExp(user.username));
  assert.doesNotMatch(await fetched(`/provisioning/${revoked}`), /auth_info_0/);
  await server.close();
  return { outage: { used, lost, refusedAccount }, end };
}

async function assertAllKept(t: TestApp, outage: Outage): Promise<void> {
  const { database } = t.app;
  for (const token of outage.used) {
    const { body } = await t.server.inject({ url: `/provisioning/${token}`, headers: modern });
    assert.doesNotMatch(body, /auth_info_0/, 'a used code was answered again');
  }
  const outcomes = await database.selectFrom('tokens').select(['account_id', 'outcome']).execute();
  assert.equal(outcomes.filter(({ outcome }) => outcome === 'delivered').length, outage.used.length + 1);
  assert.equal(outcomes.find(({ account_id }) => account_id === outage.lost.id)?.outcome, 'lost');
  const kinds = async (id?: number) =>
    (await t.api('GET', id === undefined ? '/api/events?per_page=500' : `/api/accounts/${id}/events`)).json.data.map(
      ({ kind }: { kind: string }) => kind,
    );
  const all: string[] = await kinds();
  assert.equal(all.filter((kind) => kind === 'delivered').length, outage.used.length + 1);
  assert.equal(all.filter((kind) => kind === 'answer-lost').length, 1);
  assert.equal(all.filter((kind) => kind === 'device-ended').length, 1);
  assert.ok((await kinds(outage.refusedAccount.id)).includes('refused'));
  const { ended_at } = await database.selectFrom('devices').select('ended_at').orderBy('id').executeTakeFirstOrThrow();
  assert.notEqual(ended_at, null);
  const key = await database.selectFrom('api_keys').selectAll().where('name', '=', 'script').executeTakeFirstOrThrow();
  assert.ok(key.last_used_at - key.created_at >= 120_000, 'the use of a key was lost');
}

/** Only a copy of the documents may be dropped: it serves to compare. */
function assertNothingDropped(t: TestApp): void {
  const lost = t
    .logged()
    .split('\n')
    .filter((line) => /"lost":[1-9]/.test(line));
  assert.ok(lost.every((line) => line.includes('the documents that phones fetched')));
}

/**
 * Takes no writes, by a fault that the database itself tells: a lock on SQLite, a server that became read-only on
 * PostgreSQL.
 */
async function refuseWrites(url: string): Promise<() => Promise<void>> {
  if (dialectOf(url) === 'sqlite') return breakWrites(url);
  const own = `${url}?options=-c%20default_transaction_read_only%3Doff`;
  const name = new URL(url).pathname.slice(1);
  const change = async (sql: string): Promise<void> => {
    await executeSql(own, sql);
    const others = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and pid <> pg_backend_pid()`;
    await executeSql(own, others);
  };
  await change(`alter database ${name} set default_transaction_read_only = on`);
  return () => change(`alter database ${name} reset default_transaction_read_only`);
}

forEachDatabase('a code that is requested while the database accepts no writes', (makeUrl) => {
  test('works afterwards, and the timeline and the list say that it failed before', async () => {
    const url = await makeUrl();
    const t = await openTestApp(url);
    const account = await t.makeAccount();
    const code = await t.makeToken(account);
    const ask = () => t.server.inject({ url: `/provisioning/${code}`, headers: modern });
    const end = await refuseWrites(url);
    assert.equal((await ask()).statusCode, 503);
    await end();
    assert.ok(await waitUntil(() => t.app.events.flush()));
    const refused = () => t.api('GET', `/api/accounts/${account.id}/events?kind=refused`);
    // The server has ended some connections of the pool.
    assert.ok(await waitUntil(async () => (await refused()).status === 200));
    const { data } = (await refused()).json;
    assert.deepEqual(
      data.map(({ detail, sentence }: Json) => [detail.reason, /database could not be used/.test(sentence)]),
      [['database-unavailable', true]],
    );
    const state = t.app.database.selectFrom('account_states').select('failure').where('account_id', '=', account.id);
    assert.equal((await state.executeTakeFirstOrThrow()).failure, 'database-unavailable');
    assert.match((await ask()).body, /auth_info_0/);
    await t.close();
  });
});

forEachDatabase('a database that refuses every write for a while', (makeUrl) => {
  test('gets all of it later, and nothing twice', async (context) => {
    const url = await makeUrl();
    const t = await openTestApp(url);
    context.after(() => t.close());
    const { outage, end } = await startOutage(t, url);
    try {
      const said = () => /outcomes of answers could not be stored|"why":"locked"/.test(t.logged());
      assert.ok(await waitUntil(said, generousMs));
    } finally {
      await end();
    }
    // A device counts as told a second after the last byte of its answer.
    const ends = t.app.database.selectFrom('events').select('id').where('kind', '=', 'device-ended');
    t.advance(1_000);
    const isEndRecorded = async () =>
      (await t.app.deviceUses.flush()) && (await t.app.events.flush()) && (await ends.execute()).length > 0;
    assert.ok(await waitUntil(isEndRecorded, generousMs));
    for (const writer of [t.app.deviceUses, t.app.keyUses, t.app.events]) {
      assert.ok(await waitUntil(() => writer.flush(), generousMs));
    }
    const outcomes = t.app.database.selectFrom('tokens').select('outcome').where('outcome', '=', 'answering');
    assert.ok(await waitUntil(async () => (await outcomes.execute()).length === 0, generousMs));
    await assertAllKept(t, outage);
  });

  test('gets all of it even if the server stops meanwhile, so that a used code is not answered again after a restart', async (context) => {
    const url = await makeUrl();
    const environment = environmentOf(url);
    const stopping = await openTestApp(url, environment);
    const { outage, end } = await startOutage(stopping, url);
    const closed = stopping.close();
    const failed = await waitUntil(() => /could not be stored|"why":"locked"/.test(stopping.logged()), generousMs);
    await end();
    assert.ok(failed);
    await closed;
    assertNothingDropped(stopping);
    const restarted = await openTestApp(url, environment);
    context.after(() => restarted.close());
    await assertAllKept(restarted, outage);
  });

  test('gets all of it from the next start if the server ends earlier, which keeps it in the data directory', async (context) => {
    const url = await makeUrl();
    const environment = environmentOf(url);
    const stopping = await openTestApp(url, environment);
    const { outage, end } = await startOutage(stopping, url);
    await stopping.app.close(AbortSignal.timeout(300));
    assertNothingDropped(stopping);
    const file = join(environment.RINGUP_DATA_DIR ?? '', `unwritten-${stopping.app.bootId}.json`);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const kept = readFileSync(file);
    await end();
    const restarted = await openTestApp(url, environment);
    context.after(() => restarted.close());
    assert.ok(!existsSync(file));
    await assertAllKept(restarted, outage);
    // Another start that reads it again, because its process died in between, changes nothing.
    writeFileSync(file, kept);
    const again = await openTestApp(url, environment);
    context.after(() => again.close());
    await assertAllKept(again, outage);
  });
});
