import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ApiClient, apiClient } from '../support/api-client.ts';
import { type AsteriskDatabase, hasAsterisk, installViews, startAsterisk } from '../support/asterisk.ts';
import { requirePrograms } from '../support/debian.ts';
import { type Phone, phones } from '../support/phones.ts';
import { postgresPrograms, startPostgres } from '../support/postgres.ts';
import { startServe } from '../support/serve.ts';
import { register, sendRegister } from '../support/sip-register.ts';
import { sendSip } from '../support/sip-request.ts';
import { tempDirectory } from '../support/temp-directory.ts';

/** No stable release of Debian has an Asterisk. */
const howToGet = 'no Asterisk found: sudo .ci/make-asterisk';
const domain = 'sip.example.test';

test('a real Asterisk reads accounts from SQLite: phones register, new passwords and blocks count at once', async (t) => {
  if (!hasAsterisk()) return t.skip(howToGet);
  const dataDir = tempDirectory();
  const serving = await startServe({ RINGUP_DATA_DIR: dataDir });
  t.after(() => serving.stop());
  await registers(t, await apiClient(serving), { sqlite: join(dataDir, 'ringup.sqlite') });
});

test('a real Asterisk reads accounts from PostgreSQL: phones register, new passwords and blocks count at once', async (t) => {
  if (!hasAsterisk()) return t.skip(howToGet);
  if (!requirePrograms(t, postgresPrograms)) return;
  const server = await startPostgres();
  t.after(() => server.stop());
  const postgres = await server.createDatabase();
  const serving = await startServe({ RINGUP_DATA_DIR: tempDirectory(), RINGUP_DATABASE_URL: postgres });
  t.after(() => serving.stop());
  await registers(t, await apiClient(serving), { postgres });
});

for (const phone of phones) {
  test(`two ${phone.name} register at Asterisk, and one calls the other by the recipe's extensions`, (t) =>
    registersAndCalls(t, phone));
}

async function registersAndCalls(t: TestContext, { programs, start }: Phone): Promise<void> {
  if (!hasAsterisk()) return t.skip(howToGet);
  if (!requirePrograms(t, programs)) return;
  const dataDir = tempDirectory();
  const serving = await startServe({ RINGUP_DATA_DIR: dataDir });
  t.after(() => serving.stop());
  const api = await apiClient(serving);
  const database = { sqlite: join(dataDir, 'ringup.sqlite') };
  await installViews(database);
  const asterisk = await startAsterisk(database);
  t.after(() => asterisk.stop());
  const address = `sip:127.0.0.1:${asterisk.port};transport=tcp`;
  await api('PUT', `/api/spaces/${domain}`, {
    registrar: address,
    linphonerc: `[proxy_0]\nreg_route=<${address};lr>\n`,
  });
  const phoneOf = async (username: string) => {
    const { provisioning_token } = await api('POST', '/api/accounts', { username, password: 'secret' });
    const phone = await start({ url: `${serving.url}/provisioning/${provisioning_token}` });
    t.after(() => phone.quit());
    await phone.waitRegistered(`${username}@${domain}`);
    return phone;
  };
  const alice = await phoneOf('alice');
  const bob = await phoneOf('bob');
  alice.type(`call sip:bob@${domain}`);
  await bob.waitForLog(/moving from .* to .*IncomingReceived/);
}

async function registers(t: TestContext, api: ApiClient, database: AsteriskDatabase): Promise<void> {
  await installViews(database);
  const asterisk = await startAsterisk(database);
  t.after(() => asterisk.stop());
  const { port } = asterisk;
  await api('PUT', `/api/spaces/${domain}`, { algorithms: ['SHA-256', 'MD5'] });
  await api('POST', '/api/spaces', { domain: 'pbx.example.test', realm: 'phones', algorithms: ['MD5'] });
  const alice = await api('POST', '/api/accounts', { username: 'alice', password: 'secret', activated: true });
  const other = { username: 'alice', domain: 'pbx.example.test', password: 'other', activated: true };
  await api('POST', '/api/accounts', other);
  const own = { port, username: 'alice', domain };

  const statuses = {
    sha256: await register({ ...own, password: 'secret', algorithm: 'SHA-256' }),
    md5: await register({ ...own, password: 'secret', algorithm: 'MD5' }),
    wrong: await register({ ...own, password: 'wrong' }),
    ownRealm: await register({ port, username: 'alice', domain: 'pbx.example.test', password: 'other' }),
    otherSpace: await register({ ...own, password: 'other' }),
    nobody: await register({ ...own, username: 'nobody', password: 'secret' }),
  };
  assert.deepEqual(
    statuses,
    { sha256: 200, md5: 200, wrong: 401, ownRealm: 200, otherSpace: 401, nobody: 401 },
    asterisk.log(),
  );
  const long = await sendRegister({ ...own, password: 'secret', headers: ['Expires: 86400'] });
  assert.match(long.text, /expires=(?:600|599)/);

  await api('PUT', `/api/accounts/${alice.id}`, { password: 'changed' });
  assert.equal(await register({ ...own, password: 'secret' }), 401);
  assert.equal(await register({ ...own, password: 'changed' }), 200);

  const callee = `sip:nobody@${domain}`;
  const from = `sip:alice@${domain}`;
  const call = { port, method: 'INVITE', uri: callee, from, to: callee, username: 'alice' } as const;
  assert.notEqual((await sendSip({ ...call, password: 'changed' })).status, 401);
  assert.equal((await sendSip({ ...call, password: 'secret' })).status, 401);

  await api('POST', `/api/accounts/${alice.id}/block`);
  assert.equal(await register({ ...own, password: 'changed' }), 401);
  assert.equal((await sendSip({ ...call, password: 'changed' })).status, 401);
  await api('POST', `/api/accounts/${alice.id}/unblock`);
  assert.equal(await register({ ...own, password: 'changed' }), 200);
}
