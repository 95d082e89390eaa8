import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiClient } from '../support/api-client.ts';
import { requirePrograms } from '../support/debian.ts';
import { registrarPrograms, startRegistrar } from '../support/kamailio.ts';
import { type Phone, phones } from '../support/phones.ts';
import { startServe } from '../support/serve.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

const domain = 'sip.example.test';
const address = `alice@${domain}`;
/** Far longer than a phone takes from its answer to its REGISTER. */
const silenceMs = 3_000;
const registers = /^REGISTER sip:/m;

for (const phone of phones) {
  test(`a real ${phone.name} follows changes at its next start, and a revoked one registers no more while another goes on`, (t) =>
    followsUntilRevoked(t, phone));
}

async function followsUntilRevoked(t: TestContext, { programs, start: startPhone }: Phone): Promise<void> {
  if (!requirePrograms(t, { ...programs, ...registrarPrograms })) return;
  const dataDir = tempDirectory();
  const serving = await startServe({ RINGUP_DATA_DIR: dataDir });
  t.after(() => serving.stop());
  const api = await apiClient(serving);
  const registrar = await startRegistrar({
    database: { sqlite: `${dataDir}/ringup.sqlite` },
    algorithm: 'SHA-256',
    table: 'sip_credentials_sha256',
  });
  t.after(() => registrar.stop());
  await api('PUT', `/api/spaces/${domain}`, {
    registrar: `sip:127.0.0.1:${registrar.port};transport=tcp`,
    refetch: 'every-start',
  });
  const account = await api('POST', '/api/accounts', { username: 'alice', password: 'secret' });
  const start = async (options: { url: string } | { directory: string }) => {
    const phone = await startPhone(options);
    t.after(() => phone.quit());
    return phone;
  };
  const provisioned = async (token: string) => {
    const phone = await start({ url: `${serving.url}/provisioning/${token}` });
    await phone.waitRegistered(address);
    await phone.quit();
    assert.match(phone.rc(), /^config-uri=.*\/provisioning\/me(\?|$)/m);
    return phone.directory;
  };
  const lost = await provisioned(account.provisioning_token);
  const kept = await provisioned((await api('POST', `/api/accounts/${account.id}/provision`)).provisioning_token);

  await api('PUT', `/api/accounts/${account.id}`, { display_name: 'Changed Meanwhile' });
  const second = await start({ directory: lost });
  await second.waitRegistered(address);
  await second.quit();
  assert.match(second.log(), registers);
  assert.match(second.rc(), /reg_identity="Changed Meanwhile" </);

  const [device] = await api('GET', `/api/accounts/${account.id}/devices`);
  await api('DELETE', `/api/accounts/${account.id}/devices/${device.id}`);
  await registrar.forget(address);
  for (const when of ['when it is told', 'later']) {
    const revoked = await start({ directory: lost });
    const told = async () => (await api('GET', `/api/accounts/${account.id}/devices`))[0].ended_at !== null;
    assert.ok(await waitUntil(told), when);
    await sleep(silenceMs);
    assert.doesNotMatch(revoked.log(), registers, when);
    assert.deepEqual(await registrar.registered(), [], when);
    await revoked.quit();
    assert.doesNotMatch(revoked.rc(), /^(config-uri|reg_identity)=./m, when);
  }

  const other = await start({ directory: kept });
  await other.waitRegistered(address);
  assert.deepEqual(await registrar.registered(), [address]);
}
