import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { getAccount } from '../../src/accounts/account-store.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase, sqliteUrl } from '../support/databases.ts';
import { tempDirectory } from '../support/temp-directory.ts';

// The hooks themselves run in this process, so that a test can tell them when to fail.
const state = { broken: false, runs: 0 };
const source = `import type { Hooks } from 'ringup/hooks';

export default {
  document(document, { request, account }) {
    globalThis.hookState.runs += 1;
    if (globalThis.hookState.broken) throw new Error(\`broken for \${request.url}\`);
    const contacts = account?.contacts.map(({ sipUri }) => sipUri).join() ?? 'nobody';
    document.section('ui').set('seen', [request.url.split('?')[1], contacts].join(' '));
  },
} satisfies Hooks;
`;

forEachDatabase('hooks in the server', (makeUrl) => {
  let t: TestApp;

  before(async () => {
    Object.assign(globalThis, { hookState: state });
    const directory = tempDirectory();
    writeFileSync(join(directory, 'hooks.ts'), source);
    t = await openTestApp(await makeUrl(), { RINGUP_DATA_DIR: directory });
  });
  after(() => t.close());

  const get = (url: string) => t.server.inject({ method: 'GET', url });

  test('a hooks.ts in the data directory changes account documents, and sees the contacts of the account', async () => {
    const account = await t.makeAccount();
    const friend = await t.makeAccount();
    await t.api('POST', `/api/accounts/${account.id}/contacts/${friend.id}`);
    const { statusCode, body } = await get(`/provisioning/${await t.makeToken(account)}?a=1`);
    assert.equal(statusCode, 200);
    assert.match(body, new RegExp(`<entry name="seen" overwrite="true">a=1 sip:${friend.username}@sip.example.test<`));
  });

  test('an unknown token is answered like no token, byte for byte, even with a hook', async () => {
    const base = await get('/provisioning?a=1&b');
    assert.match(base.body, /<entry name="seen" overwrite="true">a=1&amp;b= nobody</);
    assert.equal((await get('/provisioning/AAAAAAAAAAAAAAAAAAAAAA?a=1&b')).body, base.body);
  });

  test('a hook that fails uses no token up and changes no password; the log has its name and stack, but not the token', async () => {
    const { id, username } = await t.makeAccount();
    const stored = () => getAccount(t.app.database, id);
    const token = await t.makeToken(await stored());
    const before = await stored();
    state.broken = true;
    const refused = await get(`/provisioning/${token}?reset_password`);
    state.broken = false;
    assert.equal(refused.statusCode, 500);
    assert.equal(refused.headers['content-type'], 'text/plain; charset=utf-8');
    assert.doesNotMatch(refused.body, /broken|hooks\.ts/);
    assert.deepEqual(await stored(), before);

    const logged = t.logged();
    assert.match(logged, /"hook":"document"/);
    assert.match(logged, /broken for \/provisioning\/…\?reset_password\\n {4}at [^"]*hooks\.ts(?:\?load=\d+)?:6:44\)/);
    assert.ok(!logged.includes(token));

    const answered = await get(`/provisioning/${token}`);
    assert.match(answered.body, new RegExp(`sip:${username}@sip.example.test`));
  });

  test('HEAD requests, browsers and QR codes run no hook', async () => {
    const token = await t.makeToken(await t.makeAccount());
    state.runs = 0;
    await t.server.inject({ method: 'HEAD', url: '/provisioning' });
    await t.server.inject({ method: 'HEAD', url: `/provisioning/${token}` });
    await t.server.inject({ method: 'GET', url: `/provisioning/${token}`, headers: { accept: 'text/html' } });
    await get(`/provisioning/qrcode/${token}`);
    assert.equal(state.runs, 0);
  });
});

// One database: the file is read before the database is asked anything.
test('a mistake in the hooks file stops the start', async () => {
  const hooks = join(tempDirectory(), 'hooks.ts');
  writeFileSync(hooks, 'export default {\n  documents() {},\n};\n');
  const start = openTestApp(sqliteUrl(join(tempDirectory(), 'ringup.sqlite')), { RINGUP_HOOKS: hooks });
  await assert.rejects(start, { code: 'hooks-broken', message: /hooks\.ts:2:3: there is no hook "documents"/ });
});
