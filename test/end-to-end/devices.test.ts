import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiClient } from '../support/api-client.ts';
import { requirePrograms } from '../support/debian.ts';
import type { Json } from '../support/json.ts';
import { registrarPrograms, startRegistrar } from '../support/kamailio.ts';
import type { LinphoneOptions } from '../support/linphone.ts';
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
    assert.match(phone.rc(), /^config-uri=.*\/provisioning\/me\?device=\w{22}$/m);
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

  const devices = `/api/accounts/${account.id}/devices`;
  const [uuid = ''] = Object.keys(await api('GET', devices));
  await api('DELETE', `${devices}/${uuid}`);
  await registrar.forget(address);
  for (const when of ['when it is told', 'later']) {
    const revoked = await start({ directory: lost });
    const told = async () => (await api('GET', devices))[uuid].ended_at !== null;
    assert.ok(await waitUntil(told), when);
    await sleep(silenceMs);
    assert.doesNotMatch(revoked.log(), registers, when);
    assert.deepEqual(await registrar.registered(), [], when);
    await revoked.quit();
    assert.doesNotMatch(revoked.rc(), /^(config-uri|reg_identity|contacts-vcard-list)=./m, when);
    assert.doesNotMatch(revoked.rc(), /^ha1=.*[1-9a-f]/m, when);
  }

  const other = await start({ directory: kept });
  await other.waitRegistered(address);
  assert.deepEqual(await registrar.registered(), [address]);
}

type Change = readonly [what: string, before: readonly string[], after: readonly string[], hadExternal?: boolean];

const changes: readonly Change[] = [
  ['the same algorithm', ['SHA-256'], ['SHA-256']],
  ['another algorithm', ['MD5'], ['SHA-256']],
  ['one algorithm instead of two', ['SHA-256', 'MD5'], ['SHA-256']],
  ['no external account, which it had before', ['SHA-256'], ['SHA-256'], true],
];
for (const phone of phones) {
  for (const change of changes) {
    const title = `a real ${phone.name} that was told to forget the account registers with a new code and ${change[0]}`;
    test(title, (t) => registersAgain(t, phone, change));
  }
}

async function registersAgain(
  t: TestContext,
  { programs, start: startPhone }: Phone,
  [, before, after, hadExternal = false]: Change,
): Promise<void> {
  if (!requirePrograms(t, { ...programs, ...registrarPrograms })) return;
  const { serving, api, registrarOf, settings, start } = await everyStart(t, startPhone);
  const registrar = await registrarOf('SHA-256');
  const first = before.includes('SHA-256') ? registrar : await registrarOf('MD5');
  await settings(first.port, before);
  const account = await api('POST', '/api/accounts', { username: 'alice', password: 'secret' });
  const devices = `/api/accounts/${account.id}/devices`;
  if (hadExternal) {
    const external = { username: 'out', domain: 'other.test', password: 'outer', algorithm: 'SHA-256' };
    await api('POST', `/api/accounts/${account.id}/external`, external);
  }
  const given = await start({ url: `${serving.url}/provisioning/${account.provisioning_token}` });
  await given.waitRegistered(address);
  await given.quit();
  if (hadExternal) {
    await api('DELETE', `/api/accounts/${account.id}/external`);
    const without = await start({ directory: given.directory });
    await without.waitRegistered(address);
    await without.quit();
  }

  await api('DELETE', `${devices}/${Object.keys(await api('GET', devices))[0]}`);
  const told = await start({ directory: given.directory });
  assert.ok(await waitUntil(async () => Object.values<Json>(await api('GET', devices))[0].ended_at !== null));
  await told.quit();
  assert.doesNotMatch(told.rc(), /^ha1=.*[1-9a-f]/m);

  await settings(registrar.port, after);
  if (before.join() !== after.join()) {
    await api('PUT', `/api/accounts/${account.id}`, { password: 'renewed', algorithm: 'SHA-256' });
  }
  const { provisioning_token } = await api('POST', `/api/accounts/${account.id}/provision`);
  await registrar.forget(address);
  const rc = told.rc().replace(/^\[misc\]$/m, `[misc]\nconfig-uri=${serving.url}/provisioning/${provisioning_token}`);
  writeFileSync(join(given.directory, 'linphonerc'), rc);
  const again = await start({ directory: given.directory });
  await again.waitRegistered(address);
  assert.deepEqual(await registrar.registered(), [address]);
}

for (const phone of phones) {
  for (const algorithm of ['MD5', 'SHA-256'] as const) {
    test(`a real ${phone.name} with both algorithms registers by ${algorithm} at each start, until it is revoked`, (t) =>
      registersAtEachStart(t, phone, algorithm));
  }
}

async function registersAtEachStart(
  t: TestContext,
  { programs, start: startPhone }: Phone,
  algorithm: 'MD5' | 'SHA-256',
): Promise<void> {
  if (!requirePrograms(t, { ...programs, ...registrarPrograms })) return;
  const { serving, api, registrarOf, settings, start } = await everyStart(t, startPhone);
  const registrar = await registrarOf(algorithm);
  await settings(registrar.port, ['SHA-256', 'MD5']);
  const account = await api('POST', '/api/accounts', { username: 'alice', password: 'secret' });
  const devices = `/api/accounts/${account.id}/devices`;
  let options: LinphoneOptions = { url: `${serving.url}/provisioning/${account.provisioning_token}` };
  for (let time = 0; time < 3; time += 1) {
    await registrar.forget(address);
    const phone = await start(options);
    await phone.waitRegistered(address);
    await phone.quit();
    options = { directory: phone.directory };
  }
  await api('DELETE', `${devices}/${Object.keys(await api('GET', devices))[0]}`);
  const told = await start(options);
  assert.ok(await waitUntil(async () => Object.values<Json>(await api('GET', devices))[0].ended_at !== null));
  await told.quit();
  assert.doesNotMatch(told.rc(), /^ha1=.*[1-9a-f]/m);
}

/** A server whose phones fetch their document at every start. */
async function everyStart(t: TestContext, startPhone: Phone['start']) {
  const dataDir = tempDirectory();
  const serving = await startServe({ RINGUP_DATA_DIR: dataDir });
  t.after(() => serving.stop());
  const api = await apiClient(serving);
  return {
    serving,
    api,
    async registrarOf(algorithm: 'MD5' | 'SHA-256') {
      const table = algorithm === 'MD5' ? 'sip_credentials_md5' : 'sip_credentials_sha256';
      const registrar = await startRegistrar({ database: { sqlite: `${dataDir}/ringup.sqlite` }, algorithm, table });
      t.after(() => registrar.stop());
      return registrar;
    },
    settings: (port: number, algorithms: readonly string[]) =>
      api('PUT', `/api/spaces/${domain}`, {
        registrar: `sip:127.0.0.1:${port};transport=tcp`,
        refetch: 'every-start',
        algorithms,
      }),
    async start(options: LinphoneOptions) {
      const phone = await startPhone(options);
      t.after(() => phone.quit());
      return phone;
    },
  };
}
