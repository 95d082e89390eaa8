import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { apiClient } from '../support/api-client.ts';
import { environmentOf } from '../support/cli.ts';
import { requirePrograms } from '../support/debian.ts';
import { freePort } from '../support/free-port.ts';
import { registrarPrograms } from '../support/kamailio.ts';
import { type Phone, phones } from '../support/phones.ts';
import { executeSql, postgresPrograms } from '../support/postgres.ts';
import { startCluster } from '../support/postgres-cluster.ts';
import { startServe } from '../support/serve.ts';
import { register } from '../support/sip-register.ts';
import { startSmallServer } from '../support/small-sip-server.ts';

const manual = readFileSync(join(import.meta.dirname, '../../docs/sip-servers.md'), 'utf8');
/** What the manual lets Kamailio's role do, and no more. */
const roleInManual = /```sql\n(create role kamailio login password '…';\n[^`]+)```/.exec(manual)?.[1] ?? '';
const domain = 'sip.example.test';

for (const phone of phones) {
  test(`the manual's Kamailio with PostgreSQL registers ${phone.name}, and refuses old passwords and blocked accounts`, (t) =>
    follow(t, phone));
}

async function follow(t: TestContext, { programs, start }: Phone): Promise<void> {
  if (!requirePrograms(t, { ...programs, ...registrarPrograms, ...postgresPrograms })) return;
  const cluster = await startCluster();
  t.after(() => cluster.stop());
  const serving = await startServe(environmentOf(cluster.url));
  t.after(() => serving.stop());
  const api = await apiClient(serving);
  assert.notEqual(roleInManual, '');
  await executeSql(cluster.url, roleInManual.replace('…', 'secret'));
  const port = await freePort();
  const ofKamailio = Object.assign(new URL(cluster.url), { username: 'kamailio', password: 'secret' }).href;
  const kamailio = startSmallServer(ofKamailio, port);
  t.after(() => kamailio.stop());
  await api('PUT', `/api/spaces/${domain}`, { registrar: `sip:127.0.0.1:${port};transport=tcp` });

  await api('POST', '/api/spaces', { domain: 'pbx.example.test', realm: 'asterisk' });
  const other = { username: 'alice', domain: 'pbx.example.test', password: 'other', activated: true };
  await api('POST', '/api/accounts', other);
  assert.equal(await register({ port, ...other }), 200, 'a realm of its own');
  assert.equal(await register({ port, ...other, password: 'first' }), 401);

  const { id, provisioning_token: first } = await api('POST', '/api/accounts', {
    username: 'alice',
    password: 'first',
  });
  const startPhone = async (token: string) => {
    const phone = await start({ url: `${serving.url}/provisioning/${token}` });
    t.after(() => phone.quit());
    await phone.waitRegistered(`alice@${domain}`);
    return phone;
  };
  /** It registers with what it has stored. */
  const isRefusedAgain = async ({ directory, quit }: Awaited<ReturnType<typeof startPhone>>): Promise<void> => {
    await quit();
    const again = await start({ directory });
    t.after(() => again.quit());
    await again.waitRefused(`alice@${domain}`);
  };
  const old = await startPhone(first);
  await api('PUT', `/api/accounts/${id}`, { password: 'second' });
  await isRefusedAgain(old);
  const { provisioning_token: second } = await api('POST', `/api/accounts/${id}/provision`);
  const present = await startPhone(second);
  await api('POST', `/api/accounts/${id}/block`);
  await isRefusedAgain(present);
  assert.doesNotMatch(kamailio.log(), /CRITICAL|ERROR/);
}
