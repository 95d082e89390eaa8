import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { apiClient } from '../support/api-client.ts';
import { requirePrograms } from '../support/debian.ts';
import { programPath } from '../support/find-program.ts';
import { freePort } from '../support/free-port.ts';
import { registrarPrograms } from '../support/kamailio.ts';
import { type Phone, phones } from '../support/phones.ts';
import { type Program, startProgram } from '../support/program.ts';
import { startServe } from '../support/serve.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const recipes = join(import.meta.dirname, '../../deploy/kamailio');

for (const phone of phones) {
  test(`the small SIP server of the quick start registers two ${phone.name} and lets one call the other`, (t) =>
    registersAndCalls(t, phone));
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

/** The recipe as it stands, with the one path that it asks for and a port that is free. */
function startSmallServer(sqliteFile: string, port: number): Program {
  const directory = tempDirectory();
  const configuration = join(directory, 'registrar.cfg');
  const text = readFileSync(join(recipes, 'registrar.cfg'), 'utf8');
  assert.ok(text.includes('/var/lib/ringup/ringup.sqlite'));
  copyFileSync(join(recipes, 'ringup.cfg'), join(directory, 'ringup.cfg'));
  const listen = `listen=udp:127.0.0.1:${port}\nlisten=tcp:127.0.0.1:${port}\n`;
  writeFileSync(
    configuration,
    text.replace('/var/lib/ringup/ringup.sqlite', sqliteFile).replace('\nloadmodule', `\n${listen}loadmodule`),
  );
  const args = ['-f', configuration, '-DD', '-E', '-Y', directory, '-P', join(directory, 'pid'), '-m', '64', '-M', '8'];
  return startProgram({ command: programPath('kamailio'), args, directory });
}
