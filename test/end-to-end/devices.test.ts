import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { apiClient } from '../support/api-client.ts';
import { requirePrograms } from '../support/debian.ts';
import type { Json } from '../support/json.ts';
import { registrarPrograms } from '../support/kamailio.ts';
import type { Linphone, LinphoneOptions } from '../support/linphone.ts';
import { type Phone, phones } from '../support/phones.ts';
import { servePhones } from '../support/serve-phones.ts';
import { waitUntil } from '../support/wait-until.ts';

const domain = 'sip.example.test';
const address = `alice@${domain}`;
/** Far longer than a phone takes from its answer to its REGISTER. */
const silenceMs = 3_000;
const registers = /^REGISTER sip:/m;

for (const phone of phones) {
  test(`a real ${phone.name} follows changes at its next start; once revoked, it no longer registers, and another one still does`, (t) =>
    followsUntilRevoked(t, phone));
}

async function followsUntilRevoked(t: TestContext, { programs, start: startPhone }: Phone): Promise<void> {
  if (!requirePrograms(t, { ...programs, ...registrarPrograms })) return;
  const { serving, api, registrarOf, settings, start } = await servePhones(t, startPhone);
  const registrar = await registrarOf('SHA-256');
  await settings(registrar);
  const account = await api('POST', '/api/accounts', { username: 'alice', password: 'secret' });
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
    await revoked.waitStarted();
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
  const { serving, api, registrarOf, settings, start } = await servePhones(t, startPhone);
  const registrar = await registrarOf('SHA-256');
  const first = before.includes('SHA-256') ? registrar : await registrarOf('MD5');
  await settings(first, { algorithms: before });
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

  await settings(registrar, { algorithms: after });
  if (before.join() !== after.join()) {
    await api('PUT', `/api/accounts/${account.id}`, { password: 'renewed', algorithm: 'SHA-256' });
  }
  const { provisioning_token } = await api('POST', `/api/accounts/${account.id}/provision`);
  await registrar.forget(address);
  scan(told, `${serving.url}/provisioning/${provisioning_token}`);
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
  const { serving, api, registrar, start, account } = await bothAlgorithms(t, startPhone, algorithm);
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

/** What makes a device be given more over time than it holds at once. */
const additions: Readonly<Record<string, (api: Awaited<ReturnType<typeof apiClient>>, id: number) => Promise<Json>>> = {
  'whose algorithm changed': (api, id) =>
    api('PUT', `/api/accounts/${id}`, { password: 'renewed', algorithm: 'SHA-256' }),
  'whose external account changed': (api, id) =>
    api('POST', `/api/accounts/${id}/external`, { ...externalAccount, username: 'other' }),
};
const externalAccount = { username: 'out', domain: 'other.test', password: 'outer', algorithm: 'SHA-256' };
for (const phone of phones) {
  for (const [which, add] of Object.entries(additions)) {
    // It cannot sign in by an algorithm that it was not given.
    if (which === 'whose algorithm changed' && phone.signsInBy === 'digest') continue;
    test(`a revoked ${phone.name} keeps its user's second account beside an account ${which}`, (t) =>
      keepsPrivateAccount(t, phone, add));
  }
}

async function keepsPrivateAccount(
  t: TestContext,
  { programs, start: startPhone }: Phone,
  add: (typeof additions)[string],
): Promise<void> {
  if (!requirePrograms(t, { ...programs, ...registrarPrograms })) return;
  const { serving, api, registrarOf, settings, start } = await servePhones(t, startPhone);
  const before = await registrarOf('MD5');
  const after = await registrarOf('SHA-256');
  const hasExternal = add === additions['whose external account changed'];
  await settings(before, { algorithms: ['MD5'] });
  const account = await api('POST', '/api/accounts', { username: 'alice', password: 'secret' });
  if (hasExternal) await api('POST', `/api/accounts/${account.id}/external`, externalAccount);
  const given = await start({ url: `${serving.url}/provisioning/${account.provisioning_token}` });
  await given.waitRegistered(address);
  await given.quit();

  // The places after those of our document, as the phone numbers what its user adds.
  const place = hasExternal ? 2 : 1;
  const ha1 = 'fedcba98'.repeat(4);
  const own = [
    `[auth_info_${place}]`,
    'username=private',
    `ha1=${ha1}`,
    'realm=private.test',
    'domain=private.test',
    'algorithm=MD5',
    `[proxy_${place}]`,
    'reg_proxy=<sip:127.0.0.1:9;transport=tcp>',
    'reg_identity=<sip:private@private.test>',
    'reg_sendregister=0',
    'realm=private.test',
  ];
  writeFileSync(join(given.directory, 'linphonerc'), `${given.rc()}\n${own.join('\n')}\n`);
  await add(api, account.id);
  if (!hasExternal) await settings(after, { algorithms: ['SHA-256'] });
  const changed = await start({ directory: given.directory });
  await changed.waitRegistered(address);
  await changed.quit();
  assert.match(changed.rc(), new RegExp(`^ha1=${ha1}$`, 'm'));

  const devices = `/api/accounts/${account.id}/devices`;
  await api('DELETE', `${devices}/${Object.keys(await api('GET', devices))[0]}`);
  const told = await start({ directory: given.directory });
  assert.ok(await waitUntil(async () => Object.values<Json>(await api('GET', devices))[0].ended_at !== null));
  await told.quit();
  const kept = [...told.rc().matchAll(/^ha1=(.*[1-9a-f].*)$/gm)].map(([, value]) => value);
  assert.deepEqual(kept, [ha1]);
  assert.match(told.rc(), /^reg_identity=.*sip:private@private\.test/m);
}

for (const phone of phones) {
  for (const algorithm of ['MD5', 'SHA-256'] as const) {
    test(`a real ${phone.name} with both algorithms registers by ${algorithm} with each new code and password, whatever the refetch setting was before`, (t) =>
      registersWithEachCode(t, phone, algorithm));
  }
}

async function registersWithEachCode(
  t: TestContext,
  { programs, start: startPhone }: Phone,
  algorithm: 'MD5' | 'SHA-256',
): Promise<void> {
  if (!requirePrograms(t, { ...programs, ...registrarPrograms })) return;
  const { serving, api, registrar, settings, start, account } = await bothAlgorithms(t, startPhone, algorithm);
  const registered = async (options: LinphoneOptions): Promise<Linphone> => {
    const phone = await start(options);
    await phone.waitRegistered(address);
    await phone.quit();
    return phone;
  };
  let phone: Linphone | undefined;
  for (const refetch of ['once', 'once', 'every-start', 'once']) {
    await settings(registrar, { algorithms: ['SHA-256', 'MD5'], refetch });
    // A phone that fetches at each start gets the change here, and from then on fetches no more.
    if (phone !== undefined) await registered({ directory: phone.directory });
    await api('PUT', `/api/accounts/${account.id}`, { password: `renewed for ${refetch}` });
    const { provisioning_token } = await api('POST', `/api/accounts/${account.id}/provision`);
    const url = `${serving.url}/provisioning/${provisioning_token}`;
    if (phone !== undefined) scan(phone, url);
    phone = await registered(phone === undefined ? { url } : { directory: phone.directory });
    await registered({ directory: phone.directory });
  }
}

/** An account with both algorithms, at a registrar that takes one of them. */
async function bothAlgorithms(t: TestContext, startPhone: Phone['start'], algorithm: 'MD5' | 'SHA-256') {
  const started = await servePhones(t, startPhone);
  const registrar = await started.registrarOf(algorithm);
  await started.settings(registrar, { algorithms: ['SHA-256', 'MD5'] });
  const account = await started.api('POST', '/api/accounts', { username: 'alice', password: 'secret' });
  return { ...started, registrar, account };
}

/** Does to a phone that has quit what scanning the code of an address does. */
function scan(phone: Linphone, url: string): void {
  const rc = phone.rc().replace(/^config-uri=.*\n/gm, '');
  writeFileSync(join(phone.directory, 'linphonerc'), rc.replace(/^\[misc\]$/m, `[misc]\nconfig-uri=${url}`));
}
