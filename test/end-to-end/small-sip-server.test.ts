import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { apiClient } from '../support/api-client.ts';
import { requirePrograms } from '../support/debian.ts';
import { programPath } from '../support/find-program.ts';
import { freePort } from '../support/free-port.ts';
import { registrarPrograms } from '../support/kamailio.ts';
import { type Phone, phones } from '../support/phones.ts';
import { type Program, startProgram } from '../support/program.ts';
import { startServe } from '../support/serve.ts';
import { startSmallServer } from '../support/small-sip-server.ts';
import { tempDirectory } from '../support/temp-directory.ts';

for (const phone of phones) {
  test(`the small SIP server of the quick start registers two ${phone.name} and lets one call the other`, (t) =>
    registersAndCalls(t, phone));
}

for (const phone of phones) {
  test(`a provider that requires a separate user name for authentication registers an external account of ${phone.name}`, (t) =>
    registersWithAuthUsername(t, phone));
}

for (const phone of phones) {
  test(`a provider whose challenge names no algorithm registers an external account of ${phone.name} that has only MD5`, (t) =>
    registersWithAuthUsername(t, phone, { algorithm: 'MD5' }));
}

async function registersWithAuthUsername(
  t: TestContext,
  { programs, start }: Phone,
  plain?: { readonly algorithm: 'MD5' },
): Promise<void> {
  if (!requirePrograms(t, { ...programs, ...registrarPrograms })) return;
  const serving = await startServe({ RINGUP_DATA_DIR: tempDirectory() });
  t.after(() => serving.stop());
  const api = await apiClient(serving);
  const port = await freePort();
  const credentials = { authUsername: 'x7kQ2', realm: '3CXPhoneSystem', password: 'outside' };
  const provider = startProvider(port, { ...credentials, namesAlgorithm: plain === undefined });
  t.after(() => provider.stop());
  await api('PUT', '/api/spaces/sip.example.test', { registrar: 'sip:127.0.0.1:9;transport=tcp' });
  const account = await api('POST', '/api/accounts', { username: 'alice', password: 'secret' });
  await api('POST', `/api/accounts/${account.id}/external`, {
    username: '200',
    auth_username: credentials.authUsername,
    domain: 'pbx.example.test',
    realm: `"${credentials.realm}"`,
    password: credentials.password,
    registrar: `127.0.0.1:${port}`,
    protocol: 'TCP',
    ...plain,
  });
  const phone = await start({ url: `${serving.url}/provisioning/${account.provisioning_token}` });
  t.after(() => phone.quit());
  await phone.waitRegistered('200@pbx.example.test');
  assert.match(phone.log(), /username="x7kQ2"/);
  if (plain) assert.doesNotMatch(phone.log(), /WWW-Authenticate: Digest realm="3CXPhoneSystem"[^\r\n]*algorithm/i);
}

/** A provider like 3CX: the user for authentication is another than that of the address, and so is the realm. */
function startProvider(
  port: number,
  {
    authUsername,
    realm,
    password,
    namesAlgorithm,
  }: Readonly<Record<'authUsername' | 'realm' | 'password', string>> & { readonly namesAlgorithm: boolean },
): Program {
  const directory = tempDirectory();
  const configuration = join(directory, 'provider.cfg');
  const modules = 'sl pv textops siputils usrloc registrar auth'.split(' ');
  writeFileSync(
    configuration,
    `#!KAMAILIO
debug=2
log_stderror=yes
children=1
auto_aliases=no
listen=tcp:127.0.0.1:${port}
${modules.map((name) => `loadmodule "${name}.so"`).join('\n')}
${namesAlgorithm ? 'modparam("auth", "algorithm", "MD5")' : ''}
modparam("usrloc", "db_mode", 0)
request_route {
	if (!pv_www_authenticate("${realm}", "${computeHa1('MD5', authUsername, realm, password)}", "1")) {
		www_challenge("${realm}", "1");
		exit;
	}
	if ($au != "${authUsername}" || $tU != "200") {
		sl_send_reply("403", "Not your address");
		exit;
	}
	if (!save("location")) sl_reply_error();
}
`,
  );
  const args = ['-f', configuration, '-DD', '-E', '-Y', directory, '-P', join(directory, 'pid'), '-m', '64', '-M', '8'];
  return startProgram({ command: programPath('kamailio'), args, directory });
}

async function registersAndCalls(t: TestContext, { programs, start }: Phone): Promise<void> {
  if (!requirePrograms(t, { ...programs, ...registrarPrograms })) return;
  const dataDir = tempDirectory();
  const serving = await startServe({ RINGUP_DATA_DIR: dataDir });
  t.after(() => serving.stop());
  const api = await apiClient(serving);
  const port = await freePort();
  const kamailio = startSmallServer(join(dataDir, 'ringup.sqlite'), port);
  t.after(() => kamailio.stop());
  const address = `sip:127.0.0.1:${port};transport=tcp`;
  await api('PUT', '/api/spaces/sip.example.test', {
    registrar: address,
    linphonerc: `[proxy_0]\nreg_route=<${address};lr>\n`,
  });

  const phoneOf = async (username: string) => {
    const { provisioning_token } = await api('POST', '/api/accounts', { username, password: 'secret' });
    const phone = await start({ url: `${serving.url}/provisioning/${provisioning_token}` });
    t.after(() => phone.quit());
    await phone.waitRegistered(`${username}@sip.example.test`);
    return phone;
  };
  const alice = await phoneOf('alice');
  const bob = await phoneOf('bob');
  alice.type('call sip:bob@sip.example.test');
  await bob.waitForLog(/moving from .* to .*IncomingReceived/);
  assert.doesNotMatch(kamailio.log(), /CRITICAL|ERROR/);
}
