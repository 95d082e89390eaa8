import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { answerChallenge } from '../support/digest-client.ts';
import { getRequest, openConnection } from '../support/raw-request.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

const hooks = `export default {
  document(document, { request }) {
    document.section('seen').set('agent', request.headers['user-agent'] ?? '-');
    document.section('seen').set('from', request.headers.from ?? '-');
  },
};`;
const phone = 'LinphoneAndroid/5.2.5 (Zoé 🦊) LinphoneSDK/5.3.74';

forEachDatabase('headers beyond ASCII', (makeUrl) => {
  let t: TestApp;
  let port: number;
  before(async () => {
    const file = join(tempDirectory(), 'hooks.ts');
    writeFileSync(file, hooks);
    t = await openTestApp(await makeUrl(), { RINGUP_HOOKS: file });
    await t.api('PUT', '/api/spaces/sip.example.test', { realm: 'Zürich', confirm: true });
    port = Number(new URL(await t.server.listen({ port: 0, host: '127.0.0.1' })).port);
  });
  after(() => t.close());

  /** Returns the answer to a request whose head has exactly these bytes. */
  async function ask(head: string | Buffer): Promise<string> {
    const { socket, until, received } = await openConnection(port);
    socket.write(head);
    await until('\r\n\r\n');
    await waitUntil(() => !/content-length: [1-9]/i.test(received()) || /\r\n\r\n./s.test(received()));
    socket.destroy();
    return received();
  }

  test('a device, the timeline, the request log and hooks read a User-Agent in UTF-8', async () => {
    const account = await t.makeAccount({ activated: true });
    const token = await t.makeToken(account);
    const headers = { 'User-Agent': phone, From: 'sip:zoé@sip.example.test', 'X-Linphone-Provisioning': '1' };
    const answer = await ask(getRequest(`/provisioning/${token}`, headers));
    assert.match(answer, /^HTTP\/1\.1 200 /);
    assert.ok(answer.includes(`>${phone}<`), answer);
    assert.ok(answer.includes('>sip:zoé@sip.example.test<'), answer);
    const [device] = Object.values((await t.api('GET', `/api/accounts/${account.id}/devices`)).json) as {
      device_name: string;
      user_agent: string;
    }[];
    assert.deepEqual([device?.device_name, device?.user_agent], ['Zoé 🦊', phone]);
    const { data } = (await t.api('GET', `/api/accounts/${account.id}/events`)).json;
    assert.ok(
      data.some(({ sentence }: { sentence: string }) => sentence.startsWith('Linphone 5.2.5 on Android (Zoé 🦊) at ')),
    );
    assert.ok(await waitUntil(() => t.logged().includes(`"agent":"${phone}"`)));
  });

  test('a User-Agent reaches the log without control characters, which a terminal would execute', async () => {
    const before = t.logged().length;
    await ask(Buffer.from(getRequest('/provisioning', { 'User-Agent': 'control\x9b31m \x9d0;title' }), 'latin1'));
    assert.ok(await waitUntil(() => t.logged().slice(before).includes('"agent":"control')));
    const log = t.logged().slice(before);
    assert.doesNotMatch(log, /(?!\n)\p{Cc}/u);
    assert.ok(log.includes('control\\u009b31m \\u009d0;title'), log);
  });

  test('a User-Agent that is not UTF-8 is read as Latin-1, and a long one is never cut within a character', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    await ask(Buffer.from(getRequest(`/provisioning/${token}`, { 'User-Agent': 'Linphone/5.1 (Zo\xe9)' }), 'latin1'));
    const next = await t.makeToken(account);
    await ask(getRequest(`/provisioning/${next}`, { 'User-Agent': `Linphone/5.1 ${'x'.repeat(286)}🦊` }));
    const devices: { user_agent: string }[] = Object.values(
      (await t.api('GET', `/api/accounts/${account.id}/devices`)).json,
    );
    const agents = devices.map((each) => each.user_agent).sort();
    assert.deepEqual(agents, ['Linphone/5.1 (Zoé)', `Linphone/5.1 ${'x'.repeat(286)}\ufffd`]);
  });

  test('Digest reads user name, realm and From in UTF-8, and refuses what is not UTF-8', async () => {
    const { id, ha1s } = await t.makeAccount({ activated: true });
    // Accounts of an earlier version can have such a name.
    await sql`update accounts set username = 'zoé' where id = ${id}`.execute(t.app.database);
    const from = 'sip:zoé@sip.example.test';
    const uri = '/api/accounts/me';
    const challenge = /www-authenticate: (.*)/i.exec(await ask(getRequest(uri, { From: from })))?.[1] ?? '';
    assert.match(challenge, /realm="Zürich"/);
    const onTheWire = Buffer.from(challenge).toString('latin1');
    const ha1 = ha1s[0]?.ha1 ?? '';
    const authorization = answerChallenge([onTheWire], { username: 'zoé', ha1, method: 'GET', uri });
    const head = (header: string) =>
      Buffer.from(getRequest(uri, { From: Buffer.from(from).toString('latin1'), Authorization: header }), 'latin1');
    assert.match(await ask(head(authorization.replace('zo\xc3\xa9', 'zo\xe9'))), /^HTTP\/1\.1 401 /);
    const answer = await ask(head(authorization));
    assert.match(answer, /^HTTP\/1\.1 200 /);
    assert.match(answer, /"username":"zoé"/);
  });
});
