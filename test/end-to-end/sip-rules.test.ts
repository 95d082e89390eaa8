import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ApiClient, apiClient } from '../support/api-client.ts';
import { requirePrograms } from '../support/debian.ts';
import { freePort } from '../support/free-port.ts';
import { registrarPrograms } from '../support/kamailio.ts';
import { startServe } from '../support/serve.ts';
import { register, sendRegister } from '../support/sip-register.ts';
import { sendSip } from '../support/sip-request.ts';
import { startSmallServer } from '../support/small-sip-server.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const domain = 'sip.example.test';
const password = 'secret';

interface Servers {
  readonly api: ApiClient;
  /** Of Kamailio. */
  readonly port: number;
}

async function startServers(t: TestContext): Promise<Servers> {
  const dataDir = tempDirectory();
  const serving = await startServe({ RINGUP_DATA_DIR: dataDir });
  t.after(() => serving.stop());
  const api = await apiClient(serving);
  const port = await freePort();
  const kamailio = startSmallServer(join(dataDir, 'ringup.sqlite'), port);
  t.after(() => kamailio.stop());
  return { api, port };
}

test('the SIP server accepts calls and messages from phones that prove who they are, until their accounts are blocked', async (t) => {
  if (!requirePrograms(t, registrarPrograms)) return;
  const { api, port } = await startServers(t);
  const alice = await api('POST', '/api/accounts', { username: 'alice', password, activated: true });
  await api('POST', '/api/accounts', { username: 'bob', password, activated: true });
  const ask = (method: 'INVITE' | 'MESSAGE', from: string, username: string, given = password) => {
    const uri = `sip:nobody@${domain}`;
    return sendSip({ port, method, uri, from: `sip:${from}@${domain}`, to: uri, username, password: given });
  };
  for (const method of ['INVITE', 'MESSAGE'] as const) {
    const own = await ask(method, 'alice', 'alice');
    assert.deepEqual([own.challenged, own.status], [true, 404], 'nobody of that name is registered');
    assert.equal((await ask(method, 'alice', 'alice', 'wrong')).status, 407);
    assert.equal((await ask(method, 'bob', 'alice')).status, 403, "another's name");
    assert.equal((await ask(method, 'stranger', 'alice')).status, 403, 'a name that nobody has');
  }
  await api('POST', `/api/accounts/${alice.id}/block`);
  assert.equal((await ask('INVITE', 'alice', 'alice')).status, 407);
  assert.equal((await ask('MESSAGE', 'alice', 'alice')).status, 407);
  assert.equal(await register({ port, username: 'alice', domain, password }), 401);
});

test('a registration lasts ten minutes at most, and an account has ten phones at most', async (t) => {
  if (!requirePrograms(t, registrarPrograms)) return;
  const { api, port } = await startServers(t);
  await api('POST', '/api/accounts', { username: 'alice', password, activated: true });
  const registered = (headers: string[]) => sendRegister({ port, username: 'alice', domain, password, headers });
  const seconds = ({ text }: { text: string }) => /^Contact: .*;expires=(\d+)/m.exec(text)?.[1];
  assert.equal(seconds(await registered(['Expires: 86400'])), '600');
  assert.equal(seconds(await registered([])), '600');
  const more = [];
  for (let phone = 3; phone <= 11; phone++) more.push((await registered([])).status);
  assert.deepEqual(more, [200, 200, 200, 200, 200, 200, 200, 200, 503]);
});

test('a phone may write its domain in upper case', async (t) => {
  if (!requirePrograms(t, registrarPrograms)) return;
  const { api, port } = await startServers(t);
  await api('POST', '/api/accounts', { username: 'alice', password, activated: true });
  const { status, text } = await sendRegister({ port, username: 'alice', domain: 'SIP.Example.TEST', password });
  assert.equal(status, 200, text);
  const uri = 'sip:alice@Sip.Example.Test';
  const call = await sendSip({ port, method: 'MESSAGE', uri, from: uri, to: uri, username: 'alice', password });
  assert.notEqual(call.status, 404, call.text);
  assert.notEqual(call.status, 407, call.text);
});

test('a space with its own realm works beside other spaces', async (t) => {
  if (!requirePrograms(t, registrarPrograms)) return;
  const { api, port } = await startServers(t);
  await api('POST', '/api/spaces', { domain: 'pbx.example.test', realm: 'asterisk' });
  await api('POST', '/api/accounts', { username: 'alice', password: 'first', activated: true });
  await api('POST', '/api/accounts', {
    username: 'alice',
    domain: 'pbx.example.test',
    password: 'second',
    activated: true,
  });
  const asAlice = (at: string, given: string) => register({ port, username: 'alice', domain: at, password: given });
  assert.equal(await asAlice(domain, 'first'), 200);
  assert.equal(await asAlice('pbx.example.test', 'second'), 200);
  assert.equal(await asAlice('PBX.example.test', 'second'), 200);
  assert.equal(await asAlice(domain, 'second'), 401);
  assert.equal(await asAlice('pbx.example.test', 'first'), 401);
});
