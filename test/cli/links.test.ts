import assert from 'node:assert/strict';
import { test } from 'node:test';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { openTestApp } from '../support/app.ts';
import { type DatabaseTerminal, forEachTerminal, type OpenTerminal, type Terminal } from '../support/cli.ts';

async function withAccounts(open: OpenTerminal, ...names: string[]): Promise<Terminal> {
  const ringup = await open();
  for (const name of names) await ringup(`account add ${name} --activated`);
  return ringup;
}

forEachTerminal('ringup external', (open) => {
  const full =
    '--username 4420 --domain sip.provider.test --password p --protocol UDP --registrar edge.provider.test:5070';

  test('set creates an external account, show hides its credentials, and clear deletes it', async () => {
    const ringup = await withAccounts(open, 'alice');
    const { json } = await ringup(`external set alice ${full} --realm R --outbound-proxy out.provider.test --json`);
    const { created_at, updated_at, ...fields } = json;
    assert.equal(created_at, updated_at);
    assert.deepEqual(fields, {
      username: '4420',
      auth_username: null,
      domain: 'sip.provider.test',
      realm: 'R',
      registrar: 'edge.provider.test:5070',
      outbound_proxy: 'out.provider.test',
      protocol: 'UDP',
      algorithms: ['SHA-256', 'MD5'],
    });
    assert.deepEqual((await ringup('external show alice --json')).json, json);
    assert.match((await ringup('account show alice')).out, /^external +4420@sip\.provider\.test$/m);
    assert.equal(
      (await ringup('external clear alice')).out,
      'alice@sip.example.test no longer has an external account.\n',
    );
    for (const words of ['external clear alice', 'external show alice']) {
      const { status, err } = await ringup(words);
      assert.equal(status, 1);
      assert.equal(err, 'alice@sip.example.test has no external account: `./ringup external set` links one.\n');
    }
  });

  test('set reads the password from standard input, or accepts an HA1', async () => {
    const ringup = await withAccounts(open, 'alice');
    const base = 'external set alice --username u --domain d.test --json';
    assert.equal((await ringup(`${base} --password-stdin`, 'secret\n')).status, 0);
    const ha1 = computeHa1('MD5', 'u', 'd.test', 'secret');
    assert.deepEqual((await ringup(`${base} --ha1 ${ha1} --algorithm MD5`)).json.algorithms, ['MD5']);
    const refusals: readonly (readonly [words: string, status: number, complaint: RegExp])[] = [
      ['', 1, /^password or ha1 is required\.\n$/],
      [`--ha1 ${ha1}`, 1, /^ha1 needs algorithm\.\n$/],
      [`--ha1 ${ha1} --algorithm SHA-256`, 1, /^ha1 must be 64 lowercase hex digits\.\n$/],
      [`--ha1 ${ha1} --algorithm MD5 --password x`, 2, /cannot be used with/],
      ['--password x --protocol SCTP', 1, /^protocol "SCTP" must be one of UDP, TCP, TLS\.\n$/],
      ['--password x --registrar sip:u@d.test', 1, /^registrar must be a host, host:port or SIP URI/],
    ];
    for (const [words, expected, complaint] of refusals) {
      const { status, err } = await ringup(`${base} ${words}`);
      assert.equal(status, expected, words);
      assert.match(err, complaint);
    }
    assert.deepEqual(
      (await ringup('external show alice --json')).json.algorithms,
      ['MD5'],
      'it is still the one before',
    );
  });
});

forEachTerminal('ringup contact', (open) => {
  test('add and remove change the contacts that list shows, and refuse accounts that are missing', async () => {
    const ringup = await withAccounts(open, 'alice', 'bob', 'carol');
    assert.equal((await ringup('contact add alice bob --json')).json.username, 'bob');
    await ringup('contact add alice bob');
    await ringup('contact add alice carol@sip.example.test');
    const names = async () =>
      (await ringup('contact list alice --json')).json.map((each: { username: string }) => each.username);
    assert.deepEqual(await names(), ['bob', 'carol']);
    assert.equal(
      (await ringup('contact remove alice bob')).out,
      'bob@sip.example.test is no longer a contact of alice@sip.example.test.\n',
    );
    assert.deepEqual(await names(), ['carol']);
    assert.match((await ringup('contact list alice')).out, /^contact +name\ncarol@sip\.example\.test +-\n$/);
    assert.equal((await ringup('contact list bob')).out, 'This account has no contacts.\n');
    const gone = await ringup('contact remove alice bob');
    assert.deepEqual([gone.status, gone.err], [1, 'alice@sip.example.test has no contact "bob@sip.example.test".\n']);
    const self = await ringup('contact add alice alice');
    assert.deepEqual([self.status, self.err], [1, 'An account cannot be a contact of itself.\n']);
    assert.equal((await ringup('contact add alice dave')).status, 1);
  });
});

forEachTerminal('ringup api-key', (open) => {
  async function statusWith(ringup: DatabaseTerminal, key: string): Promise<number> {
    const { server, close } = await openTestApp(ringup.databaseUrl);
    const { statusCode } = await server.inject({ url: '/api/accounts', headers: { 'x-api-key': key } });
    await close();
    return statusCode;
  }

  test('create shows the key once, and revoke ends it', async () => {
    const ringup = await open();
    await ringup('account add root --admin --activated');
    const { json } = await ringup('api-key create root --name backup --expires 90d --json');
    const { api_key, ...key } = json;
    assert.match(api_key, /^[A-Za-z0-9]{22}$/);
    assert.deepEqual([key.name, key.rights, key.account], ['backup', 'account', 'root@sip.example.test']);
    assert.equal(Date.parse(key.expires_at) - Date.parse(key.created_at), 90 * 86_400_000);
    const listed = await ringup('api-key list root --json');
    assert.deepEqual(listed.json, [key]);
    assert.ok(!listed.out.includes(api_key));
    assert.equal(await statusWith(ringup, api_key), 200);
    assert.equal(
      (await ringup(`api-key revoke ${key.id}`)).out,
      `Revoked the API key ${key.id} of root@sip.example.test.\n`,
    );
    assert.equal(await statusWith(ringup, api_key), 401);
  });

  test('list shows when a key was last used, and nothing before its first use', async () => {
    const ringup = await open();
    await ringup('account add root --admin --activated');
    const { json } = await ringup('api-key create root --json');
    assert.equal(json.last_used_at, null);
    assert.match((await ringup('api-key list')).out, / {2}- +never\n$/);
    assert.equal(await statusWith(ringup, json.api_key), 200);
    const [used] = (await ringup('api-key list --json')).json;
    assert.ok(Date.parse(used.last_used_at) >= Date.parse(used.created_at));
  });

  test('a key never expires by default, and list shows all keys', async () => {
    const ringup = await withAccounts(open, 'alice', 'bob');
    assert.equal((await ringup('api-key create alice --json')).json.expires_at, null);
    assert.match(
      (await ringup('api-key create bob --expires never')).out,
      /^A key with the rights of bob@.*\n[A-Za-z0-9]{22}\n$/,
    );
    const rows = (await ringup('api-key list')).out.split('\n');
    assert.match(rows[0] ?? '', /^id +account +name +rights +last_used +expires$/);
    assert.deepEqual(
      rows.slice(1, 3).map((row) => row.split(/ +/)[1]),
      ['alice@sip.example.test', 'bob@sip.example.test'],
    );
    assert.deepEqual((await ringup('api-key list bob --json')).json.length, 1);
  });

  test('refuses with one line, and changes nothing', async () => {
    const ringup = await withAccounts(open, 'alice');
    const refusals: readonly (readonly [words: readonly string[], complaint: RegExp])[] = [
      [['create', 'alice', '--expires', '0'], /^expires "0" must be a duration such as 30d, or never\.\n$/],
      [['create', 'alice', '--expires', 'soon'], /^expires "soon" must be a duration such as 30d, or never\.\n$/],
      [['create', 'alice', '--name', 'a\nb'], /^name "a␊b" must not contain control characters/],
      [['create', 'alice', '--name', 'n'.repeat(121)], /^name must not have more than 120 characters\.\n$/],
      [['revoke', '1'], /^There is no API key "1": `\.\/ringup api-key list` shows all API keys\.\n$/],
      [['revoke', '1e0'], /^There is no API key "1e0"/],
      [['revoke', '-1'], /^There is no API key "-1"/],
    ];
    for (const [words, complaint] of refusals) {
      const { status, out, err } = await ringup(['api-key', ...words]);
      assert.deepEqual([status, out], [1, ''], words.join(' '));
      assert.match(err, complaint);
    }
    assert.equal((await ringup('api-key list')).out, 'There are no API keys.\n');
  });
});
