import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { apiClient } from '../support/api-client.ts';
import { requirePrograms } from '../support/debian.ts';
import { registrarPrograms, startRegistrar } from '../support/kamailio.ts';
import type { LinphoneOptions } from '../support/linphone.ts';
import { type Phone, phones } from '../support/phones.ts';
import { startServe } from '../support/serve.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const domain = 'sip.example.test';
const provider = 'provider.test';
const addresses = [`inside@${domain}`, `outside@${provider}`];
const tables = { 'SHA-256': 'sip_credentials_sha256', MD5: 'sip_credentials_md5' };

for (const phone of phones) {
  for (const refetch of ['once', 'every-start'] as const) {
    for (const algorithm of ['SHA-256', 'MD5'] as const) {
      test(`a ${phone.name} with both algorithms registers both accounts by ${algorithm} after two codes and each restart, with ${refetch}`, (t) =>
        registersAlways(t, phone, refetch, algorithm));
    }
  }
}

async function registersAlways(
  t: TestContext,
  { programs, start }: Phone,
  refetch: 'once' | 'every-start',
  algorithm: 'SHA-256' | 'MD5',
): Promise<void> {
  if (!requirePrograms(t, { ...programs, ...registrarPrograms })) return;
  const dataDir = tempDirectory();
  const serving = await startServe({ RINGUP_DATA_DIR: dataDir });
  t.after(() => serving.stop());
  const api = await apiClient(serving);
  const database = { sqlite: `${dataDir}/ringup.sqlite` };
  const registrar = await startRegistrar({ database, algorithm, table: tables[algorithm] });
  t.after(() => registrar.stop());
  const settings = {
    registrar: `sip:127.0.0.1:${registrar.port};transport=tcp`,
    algorithms: ['SHA-256', 'MD5'],
    refetch,
  };
  await api('PUT', `/api/spaces/${domain}`, settings);
  // The provider is another space of the same database, so that one registrar knows both accounts.
  await api('POST', '/api/spaces', { domain: provider, ...settings });
  const outside = { username: 'outside', domain: provider, password: 'outer' };
  await api('POST', '/api/accounts', { ...outside, activated: true });
  const { id } = await api('POST', '/api/accounts', { username: 'inside', password: 'secret' });
  const access = { registrar: `127.0.0.1:${registrar.port}`, protocol: 'TCP' };
  await api('POST', `/api/accounts/${id}/external`, { ...outside, ...access });
  const codeUrl = async () => {
    const { provisioning_token } = await api('POST', `/api/accounts/${id}/provision`);
    return `${serving.url}/provisioning/${provisioning_token}`;
  };

  const registers = async (options: LinphoneOptions, when: string) => {
    for (const address of addresses) await registrar.forget(address);
    const phone = await start(options);
    t.after(() => phone.quit());
    for (const address of addresses) {
      await phone.waitRegistered(address).catch((cause) => assert.fail(`${address}, ${when}: ${cause}`));
    }
    await phone.quit();
    return phone;
  };
  const phone = await registers({ url: await codeUrl() }, 'the first code');
  const { directory } = phone;
  let rc = (await registers({ directory }, 'a restart')).rc();
  for (const when of ['the second code', 'the third code']) {
    const url = await codeUrl();
    const scanned = rc.replace(/^config-uri=.*\n/m, '').replace(/^\[misc\]$/m, `[misc]\nconfig-uri=${url}`);
    writeFileSync(join(directory, 'linphonerc'), scanned);
    await registers({ directory }, when);
    rc = (await registers({ directory }, `a restart after ${when}`)).rc();
  }
}
