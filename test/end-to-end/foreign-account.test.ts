import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { requirePrograms } from '../support/debian.ts';
import type { Json } from '../support/json.ts';
import { registrarPrograms } from '../support/kamailio.ts';
import type { Linphone } from '../support/linphone.ts';
import { type Phone, phones } from '../support/phones.ts';
import { servePhones } from '../support/serve-phones.ts';
import { waitUntil } from '../support/wait-until.ts';

const domain = 'sip.example.test';
const address = `alice@${domain}`;
const ha1 = 'fedcba98'.repeat(4);
const external = { username: 'out', domain: 'other.test', password: 'outer', algorithm: 'SHA-256' };

for (const phone of phones) {
  test(`a real ${phone.name} whose default account is another provider's gets no updates, and keeps that account even when it is revoked`, (t) =>
    keepsDefaultAccount(t, phone));
}

/** With all that a document can add to an account: both algorithms, an external account and TURN. */
async function keepsDefaultAccount(t: TestContext, { programs, start: startPhone }: Phone): Promise<void> {
  if (!requirePrograms(t, { ...programs, ...registrarPrograms })) return;
  const { serving, api, registrarOf, settings, start } = await servePhones(t, startPhone);
  await settings(await registrarOf('SHA-256'), {
    algorithms: ['SHA-256', 'MD5'],
    turn_server: '127.0.0.1',
    turn_secret: 'shared with the TURN server',
    turn_in_document: true,
  });
  const account = await api('POST', '/api/accounts', { username: 'alice', password: 'secret' });
  await api('POST', `/api/accounts/${account.id}/external`, external);
  const given = await start({ url: `${serving.url}/provisioning/${account.provisioning_token}` });
  await given.waitRegistered(address);
  await given.quit();
  makeOwnDefault(given);

  await api('PUT', `/api/accounts/${account.id}`, { display_name: 'Changed Meanwhile' });
  const refused = await start({ directory: given.directory });
  await refused.waitRegistered(address);
  await refused.quit();
  assert.match(refused.log(), /HTTP\/1\.1 40[13]/);
  assert.doesNotMatch(refused.rc(), /Changed Meanwhile/);
  assertKept(refused);

  const devices = `/api/accounts/${account.id}/devices`;
  await api('DELETE', `${devices}/${Object.keys(await api('GET', devices))[0]}`);
  const told = await start({ directory: given.directory });
  // The secrets it was told to forget are gone. It would store nothing if it quit before that.
  await told.waitRefused(address);
  assert.ok(await waitUntil(async () => Object.values<Json>(await api('GET', devices))[0].ended_at !== null));
  await told.quit();
  assertKept(told);
  const secrets = [...told.rc().matchAll(/^ha1=(.*[1-9a-f].*)$/gm)].map(([, value]) => value);
  assert.deepEqual(secrets, [ha1]);
  assert.match(told.rc(), /^reg_identity=<sip:alice@/m);
}

/** What the user of a phone that has quit does: adds an account after ours, and makes it the default. */
function makeOwnDefault(phone: Linphone): void {
  const next = (section: string) => phone.rc().match(new RegExp(`^\\[${section}_\\d+\\]$`, 'gm'))?.length ?? 0;
  const own = [
    `[auth_info_${next('auth_info')}]`,
    'username=private',
    `ha1=${ha1}`,
    'realm=private.test',
    'domain=private.test',
    'algorithm=MD5',
    `[proxy_${next('proxy')}]`,
    'reg_proxy=<sip:127.0.0.1:9;transport=tcp>',
    'reg_identity=<sip:private@private.test>',
    'reg_sendregister=0',
    'realm=private.test',
  ];
  const rc = phone.rc().replace(/^default_proxy=.*$/m, `default_proxy=${next('proxy')}`);
  writeFileSync(join(phone.directory, 'linphonerc'), `${rc}\n${own.join('\n')}\n`);
}

function assertKept(phone: Linphone): void {
  assert.match(phone.rc(), new RegExp(`^ha1=${ha1}$`, 'm'));
  assert.match(phone.rc(), /^reg_identity=<sip:private@private\.test>$/m);
}
