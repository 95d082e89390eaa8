import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { requirePrograms } from '../support/debian.ts';
import { registrarPrograms } from '../support/kamailio.ts';
import { type Phone, phones } from '../support/phones.ts';
import { servePhones } from '../support/serve-phones.ts';

const address = 'alice@sip.example.test';

for (const phone of phones) {
  const outcome = phone.signsInBy === 'device-key' ? 'gets its updates' : 'keeps its account without updates';
  test(`a real ${phone.name} ${outcome} and registers once its space requires the header of Linphone`, (t) =>
    fetchesAgain(t, phone));
}

async function fetchesAgain(t: TestContext, { programs, start: startPhone, signsInBy }: Phone): Promise<void> {
  if (!requirePrograms(t, { ...programs, ...registrarPrograms })) return;
  const { serving, api, registrarOf, settings, start } = await servePhones(t, startPhone);
  const registrar = await registrarOf('SHA-256');
  await settings(registrar);
  const account = await api('POST', '/api/accounts', { username: 'alice', password: 'secret' });
  const given = await start({ url: `${serving.url}/provisioning/${account.provisioning_token}` });
  await given.waitRegistered(address);
  await given.quit();

  await settings(registrar, { require_provisioning_header: true });
  await api('PUT', `/api/accounts/${account.id}`, { display_name: 'Changed Meanwhile' });
  await registrar.forget(address);
  const again = await start({ directory: given.directory });
  await again.waitRegistered(address);
  await again.quit();
  assert.deepEqual(await registrar.registered(), [address]);
  const isUpdated = /^reg_identity="Changed Meanwhile" <sip:alice@/m.test(again.rc());
  assert.equal(isUpdated, signsInBy === 'device-key');
  if (!isUpdated) assert.match(again.log(), /HTTP\/1\.1 400/);
}
