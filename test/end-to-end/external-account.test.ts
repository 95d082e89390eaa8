import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { requirePrograms } from '../support/debian.ts';
import type { Json } from '../support/json.ts';
import { registrarPrograms } from '../support/kamailio.ts';
import type { Linphone, LinphoneOptions } from '../support/linphone.ts';
import { type Phone, phones } from '../support/phones.ts';
import { servePhones } from '../support/serve-phones.ts';
import { waitUntil } from '../support/wait-until.ts';

const inside = 'inside@sip.example.test';
const provider = 'provider.test';
const outside = `outside@${provider}`;
const algorithms = ['SHA-256', 'MD5'];

for (const phone of phones) {
  test(`a real ${phone.name} forgets an external account that was removed, keeps its own, and takes the external one again`, (t) =>
    forgetsExternalAccount(t, phone));
}

/** With TURN, whose credentials move to another place when the external account goes. */
async function forgetsExternalAccount(
  t: TestContext,
  { programs, signsInBy, start: startPhone }: Phone,
): Promise<void> {
  if (!requirePrograms(t, { ...programs, ...registrarPrograms })) return;
  const { serving, api, registrarOf, settings, start } = await servePhones(t, startPhone);
  const registrar = await registrarOf('SHA-256');
  const turn = { turn_server: '127.0.0.1', turn_secret: 'shared with the TURN server', turn_in_document: true };
  await settings(registrar, { algorithms, ...turn });
  // The provider is another space of the same database, so that one registrar knows both accounts.
  await api('POST', '/api/spaces', { domain: provider, algorithms });
  const credentials = { username: 'outside', domain: provider, password: 'outer' };
  await api('POST', '/api/accounts', { ...credentials, activated: true });
  const account = await api('POST', '/api/accounts', { username: 'inside', password: 'secret' });
  const external = `/api/accounts/${account.id}/external`;
  const give = () =>
    api('POST', external, { ...credentials, registrar: `127.0.0.1:${registrar.port}`, protocol: 'TCP' });
  const registers = async (options: LinphoneOptions, addresses: readonly string[]) => {
    for (const address of [inside, outside]) await registrar.forget(address);
    const phone = await start(options);
    for (const address of addresses) await phone.waitRegistered(address);
    await phone.quit();
    assert.deepEqual((await registrar.registered()).sort(), addresses);
    return phone;
  };
  await give();
  const url = `${serving.url}/provisioning/${account.provisioning_token}`;
  const given = await registers({ url }, [inside, outside]);
  const { directory } = given;
  // Linphone 5.1 would get no more updates.
  if (signsInBy === 'device-key') makeExternalDefault(given);

  await api('DELETE', external);
  for (const when of ['when it is told', 'later']) {
    const phone = await registers({ directory }, [inside]);
    assert.doesNotMatch(phone.log(), /^REGISTER sip:provider\.test/m, when);
    assert.doesNotMatch(phone.rc(), /^reg_identity=.*outside/m, when);
    assert.match(phone.rc(), /^default_proxy=0$/m, when);
    const left = [...phone.rc().matchAll(/^\[auth_info_\d+\]\n((?:[^[\n].*\n)*)/gm)].map(([, entries = '']) => entries);
    assert.ok(
      left.filter((entries) => entries.includes('username=outside\n')).every((entries) => /^ha1=0+$/m.test(entries)),
      when,
    );
    const turnNames = left.filter((entries) => /^username=\d+:inside$/m.test(entries));
    assert.equal(turnNames.length, 1, when);
  }

  await give();
  for (let time = 0; time < 2; time += 1) await registers({ directory }, [inside, outside]);
}

for (const phone of phones) {
  test(`a real ${phone.name} that was told to forget its accounts, its external default account too, signs in with a new code`, (t) =>
    signsInAgain(t, phone));
}

async function signsInAgain(t: TestContext, { programs, start: startPhone }: Phone): Promise<void> {
  if (!requirePrograms(t, { ...programs, ...registrarPrograms })) return;
  const { serving, api, registrarOf, settings, start } = await servePhones(t, startPhone);
  await settings(await registrarOf('SHA-256'));
  const account = await api('POST', '/api/accounts', { username: 'inside', password: 'secret' });
  const own = `/api/accounts/${account.id}`;
  await api('POST', `${own}/external`, { username: 'outside', domain: provider, password: 'outer' });
  const started = async (options: LinphoneOptions) => {
    const phone = await start(options);
    await phone.waitRegistered(inside);
    await phone.quit();
    return phone;
  };
  const given = await started({ url: `${serving.url}/provisioning/${account.provisioning_token}` });
  const { directory } = given;
  makeExternalDefault(given);
  await api('DELETE', `${own}/devices/${Object.keys(await api('GET', `${own}/devices`))[0]}`);
  await api('DELETE', `${own}/external`);
  const told = await start({ directory });
  assert.ok(await waitUntil(async () => Object.values<Json>(await api('GET', `${own}/devices`))[0].ended_at !== null));
  await told.quit();

  const { provisioning_token } = await api('POST', `${own}/provision`);
  const scanned = told
    .rc()
    .replace(/^\[misc\]$/m, `[misc]\nconfig-uri=${serving.url}/provisioning/${provisioning_token}`);
  writeFileSync(join(directory, 'linphonerc'), scanned);
  await started({ directory });
  await api('PUT', own, { display_name: 'Changed Meanwhile' });
  assert.match((await started({ directory })).rc(), /^reg_identity="Changed Meanwhile" </m);
}

/** What the user of a phone that has quit does. */
function makeExternalDefault(phone: Linphone): void {
  writeFileSync(join(phone.directory, 'linphonerc'), phone.rc().replace(/^default_proxy=0$/m, 'default_proxy=1'));
}
