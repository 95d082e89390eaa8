import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Algorithm, computeHa1 } from '../../src/sip/ha1.ts';
import { forEachTerminal } from '../support/cli.ts';
import { requirePrograms } from '../support/debian.ts';
import { qrReaderPrograms, readQrCode } from '../support/qr-reader.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const token = /^[A-Za-z0-9]{28}$/;

forEachTerminal('ringup account add', (open) => {
  test('says that an administrator or the owner of a key cannot sign in yet', async () => {
    const ringup = await open({ RINGUP_PUBLIC_URL: 'https://ringup.example.test' });
    const note =
      /^Note: root@sip\.example\.test is not activated .*`\.\/ringup account activate root@sip\.example\.test`\.\n$/;
    assert.match((await ringup('account add root --admin')).err, note);
    assert.match((await ringup('api-key create root')).err, note);
    await ringup('account activate root');
    assert.equal((await ringup('api-key create root')).err, '');
    assert.equal((await ringup('account add chief --admin --activated')).err, '');
  });

  test('names the port that the server listens on if phones cannot reach it', async () => {
    const { err } = await (await open({ RINGUP_LISTEN: '127.0.0.1:8123' }))('account add alice');
    assert.match(err, /RINGUP_LISTEN=0\.0\.0\.0:8123/);
  });

  test('prints the account with its token, its address and the generated password', async () => {
    const ringup = await open({ RINGUP_PUBLIC_URL: 'https://ringup.example.test' });
    const { status, json, err } = await ringup('account add alice --json');
    assert.deepEqual([status, err], [0, '']);
    const { provisioning_token, provisioning_token_expire_at, provisioning_url, password, ...account } = json;
    assert.match(provisioning_token, token);
    assert.match(password, /^[A-Za-z0-9]{22}$/);
    assert.equal(provisioning_url, `https://ringup.example.test/provisioning/${provisioning_token}`);
    assert.equal(Date.parse(provisioning_token_expire_at) - Date.parse(account.created_at), 7 * 86_400_000);
    assert.deepEqual((await ringup('account show alice@sip.example.test --json')).json, account);
    assert.deepEqual(account, {
      id: 1,
      username: 'alice',
      domain: 'sip.example.test',
      display_name: null,
      email: null,
      phone: null,
      activated: false,
      blocked: false,
      admin: false,
      dtmf_protocol: 'sipinfo',
      sip_uri: 'sip:alice@sip.example.test',
      call_forwardings: [],
      realm: null,
      passwords: [{ algorithm: 'SHA-256' }],
      types: [],
      actions: [],
      linphonerc: '',
      note: null,
      group: null,
      language: null,
      created_at: account.created_at,
      updated_at: account.created_at,
    });
  });

  test('uses the values it is given, and does not print a given password', async () => {
    const ringup = await open({ RINGUP_PUBLIC_URL: 'https://ringup.example.test' });
    await ringup('space add sip.two.test');
    const { json } = await ringup([
      ...'account add bob@sip.two.test --json --password hunter22 --algorithm MD5 --email b@example.test'.split(' '),
      ...['--phone', '+33 (0)6 01 02 03 04', '--admin', '--activated', '--display-name', 'Bob "B." O\'Neil & <sons>'],
    ]);
    assert.equal(json.password, undefined);
    assert.deepEqual(
      [json.domain, json.email, json.phone, json.admin, json.activated, json.display_name, json.passwords],
      [
        'sip.two.test',
        'b@example.test',
        '+33601020304',
        true,
        true,
        'Bob "B." O\'Neil & <sons>',
        [{ algorithm: 'MD5' }],
      ],
    );
    const [credentials] = (await ringup('export kamailio --json')).json;
    assert.equal(credentials.ha1, computeHa1('MD5', 'bob', 'sip.two.test', 'hunter22'));
  });

  test('reads a password from standard input, without the line break at its end', async () => {
    const ringup = await open();
    const { json } = await ringup('account add alice --activated --password-stdin --json', 'pass word \n');
    assert.equal(json.password, undefined);
    const [credentials] = (await ringup('export kamailio --json')).json;
    assert.equal(credentials.ha1, computeHa1('SHA-256', 'alice', 'sip.example.test', 'pass word '));
  });

  test('says what was created, shows a generated password once, and draws the code', async () => {
    const ringup = await open({ RINGUP_PUBLIC_URL: 'https://ringup.example.test' });
    const { out, err } = await ringup('account add alice --qr');
    assert.match(
      out,
      /^Created the account alice@sip\.example\.test \(id 1\)\.\nIts password, shown only once: [A-Za-z0-9]{22}\n/,
    );
    assert.match(out, /\nhttps:\/\/ringup\.example\.test\/provisioning\/[A-Za-z0-9]{28}\n/);
    assert.match(out, /█▄▄▄▄▄█|█ ▄▄▄▄▄ █/);
    assert.equal(err, '');
  });

  test('warns of a loopback address beside the code, with the two settings to change', async () => {
    const { out, err } = await (await open())('account add alice --qr --json');
    assert.ok(JSON.parse(out));
    assert.match(
      err,
      /Note: Only this machine can reach this address\..*serve --lan,.*RINGUP_LISTEN.*RINGUP_PUBLIC_URL/,
    );
    assert.match(err, /▄▄▄▄▄/, 'standard output is for the JSON value alone');
  });

  test('takes one or more HA1s instead of a password, and then prints no password', async () => {
    const ringup = await open({ RINGUP_PUBLIC_URL: 'https://ringup.example.test' });
    const ha1 = (algorithm: Algorithm) => computeHa1(algorithm, 'alice', 'sip.example.test', 'secret');
    const words = ['--ha1', `SHA-256:${ha1('SHA-256')}`, `MD5:${ha1('MD5')}`];
    const { status, json } = await ringup(['account', 'add', 'alice', '--activated', '--json', ...words]);
    assert.equal(status, 0);
    assert.deepEqual([json.password, json.passwords], [undefined, [{ algorithm: 'SHA-256' }, { algorithm: 'MD5' }]]);
    const stored = (await ringup('export kamailio --json')).json.map((row: { ha1: string }) => row.ha1);
    assert.deepEqual(stored.sort(), [ha1('SHA-256'), ha1('MD5')].sort());
    const bob = await ringup(['account', 'add', 'bob', '--ha1', `MD5:${computeHa1('MD5', 'bob', 'x', 'y')}`]);
    assert.doesNotMatch(bob.out, /password/);
  });

  test('refuses a value that is not an HA1, without repeating it', async () => {
    const ringup = await open();
    const hex = 'ab'.repeat(32);
    for (const [words, expected, complaint] of [
      [hex, 2, /^--ha1 must be ALGORITHM:HEX, where ALGORITHM is SHA-256 or MD5\.\n$/],
      [`SHA-1:${hex}`, 2, /^--ha1 must be ALGORITHM:HEX/],
      [`SHA-256:${hex} SHA-256:${hex}`, 2, /^--ha1 has two HA1s for SHA-256\.\n$/],
      [`MD5:${hex}`, 1, /^ha1 must be 32 lowercase hex digits\.\n$/],
      [`SHA-256:${hex.toUpperCase()}`, 1, /^ha1 must be 64 lowercase hex digits\.\n$/],
      [`SHA-256:${hex} --password x`, 2, /cannot be used with/],
      [`SHA-256:${hex} --algorithm MD5`, 2, /cannot be used with/],
    ] as const) {
      const { status, out, err } = await ringup(`account add alice --ha1 ${words}`);
      assert.deepEqual([status, out], [expected, ''], words);
      assert.match(err, complaint);
      assert.ok(!err.toLowerCase().includes(hex));
    }
    assert.deepEqual((await ringup('account list --json')).json, []);
  });

  test('writes the code as PNG and SVG, readable by the owner alone', async (t) => {
    const ringup = await open({ RINGUP_PUBLIC_URL: 'https://ringup.example.test' });
    const folder = tempDirectory();
    const [png, svg] = [join(folder, 'alice.png'), join(folder, 'alice.svg')];
    const { json } = await ringup(['account', 'add', 'alice', '--png', png, '--svg', svg, '--json']);
    assert.deepEqual(readdirSync(folder).sort(), ['alice.png', 'alice.svg'], 'no draft is left');
    for (const file of [png, svg]) assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.match(readFileSync(svg, 'utf8'), /^<svg /);
    if (!requirePrograms(t, qrReaderPrograms)) return;
    assert.equal(await readQrCode(readFileSync(png)), json.provisioning_url);
  });

  test('creates no account if a picture cannot be written, and no picture if the account is refused', async () => {
    const ringup = await open();
    const folder = tempDirectory();
    const missing = await ringup(['account', 'add', 'alice', '--png', join(folder, 'missing', 'alice.png')]);
    assert.deepEqual([missing.status, (await ringup('account list --json')).json], [1, []]);
    const refused = await ringup(['account', 'add', 'Bad Name', '--svg', join(folder, 'alice.svg')]);
    assert.deepEqual([refused.status, readdirSync(folder)], [1, []]);
  });

  test('names a single cause for a refusal', async () => {
    const ringup = await open();
    await ringup('account add alice');
    const { err } = await ringup(['account', 'set', 'alice', 'username=bo\u0007b', 'password=secret']);
    assert.equal(err, 'username "bo␇b" must not contain control characters (U+0007).\n');
  });

  const refusals: readonly (readonly [words: readonly string[], complaint: RegExp])[] = [
    [['alice'], /^username "alice" is already taken in this domain\.\n$/],
    [
      ['bob@sip.nowhere.test'],
      /^There is no space "sip\.nowhere\.test": `\.\/ringup space list` shows all spaces\.\n$/,
    ],
    [['bob@sip.exampel.test'], /^There is no space "sip\.exampel\.test": did you mean sip\.example\.test\?\n$/],
    [
      ['bad name'],
      /^username "bad name" may have only small letters without accents, digits and \+ _ \. -, at most 64 of them \(the space's username_pattern\)\.\n$/,
    ],
    [['Bob'], /^username "Bob" may have only small letters .*\.\n$/],
    [['bob', '--password', 'ab'], /^password must have at least 3 characters \(the space's password_min_length\)\.\n$/],
    [['bob', '--password', ''], /^password .*\.\n$/],
    [
      ['bob', '--algorithm', 'SHA-1', '--email', 'x'],
      /^algorithm "SHA-1" must be one of SHA-256, MD5; email "x" must be one mail address, such as alice@example\.com\.\n$/,
    ],
    [['bob', '--display-name', 'B\nob'], /^display_name "B␊ob" must not contain control characters \(U\+000A\)\.\n$/],
    [['bob', '--display-name', 'B'.repeat(121)], /^display_name must not have more than 120 characters\.\n$/],
    [
      ['bob', '--phone', '0601020304'],
      /^phone "0601020304" must be a phone number with its country code, such as \+33601020304; the space's phone_country allows numbers without one\.\n$/,
    ],
    [['x'.repeat(20_000)], /^username must not have more than 128 characters\.\n$/],
  ];
  test('refuses with one line and status 1, and changes nothing', async () => {
    const ringup = await open();
    await ringup('account add alice');
    const before = (await ringup('account list --json')).out;
    for (const [words, complaint] of refusals) {
      const { status, out, err } = await ringup(['account', 'add', ...words, '--json']);
      assert.deepEqual([status, out], [1, ''], words.join(' ').slice(0, 50));
      assert.match(err, complaint);
    }
    assert.equal((await ringup('account list --json')).out, before);
  });

  test('creates one of eight accounts with the same name that are created at once', async () => {
    const ringup = await open();
    await ringup('space list');
    const all = await Promise.all(Array.from({ length: 8 }, () => ringup('account add alice --json')));
    assert.deepEqual(all.map(({ status }) => status).sort(), [0, 1, 1, 1, 1, 1, 1, 1]);
  });
});

forEachTerminal('ringup account list', (open) => {
  test('lists all accounts, those of a space, or those that match', async () => {
    const ringup = await open();
    await ringup('space add sip.two.test');
    await ringup('account add alice --display-name Alice_A');
    await ringup('account add bob@sip.two.test');
    const names = async (words: string) =>
      (await ringup(`account list --json ${words}`)).json.map((each: { sip_uri: string }) => each.sip_uri);
    assert.deepEqual(await names(''), ['sip:alice@sip.example.test', 'sip:bob@sip.two.test']);
    assert.deepEqual(await names('--space sip.two.test'), ['sip:bob@sip.two.test']);
    assert.deepEqual(await names('--search alice_'), ['sip:alice@sip.example.test']);
    assert.deepEqual(await names('--search a%b'), []);
    assert.deepEqual(await names('--filter blocked'), []);
    assert.equal((await ringup('account list --filter nonsense')).status, 2);
    assert.deepEqual(await names('--filter never --group Nobody'), []);
    const { out } = await ringup('account list');
    assert.match(
      out,
      /^account +name +state +activated +admin\nalice@sip\.example\.test +Alice_A +waiting +no +no\nbob@/,
    );
    assert.equal((await ringup('account list --space sip.three.test')).status, 1);
  });

  test('shows the states by which it filters', async () => {
    const ringup = await open();
    await ringup('account add alice --activated');
    await ringup('account add bob');
    await ringup('token revoke bob');
    await ringup('account block bob');
    for (const state of ['never', 'waiting', 'active', 'failed', 'blocked']) {
      const { out } = await ringup(`account list --filter ${state}`);
      const shown = [...out.matchAll(/(\w+)@\S+ +[–-] +(\w+)/g)].map(([, ...each]) => each);
      const names: Record<string, string> = { waiting: 'alice', blocked: 'bob' };
      assert.deepEqual(shown, names[state] === undefined ? [] : [[names[state], state]], out);
    }
  });

  test('says how to create an account if there are none', async () => {
    assert.match(
      (await (await open())('account list')).out,
      /^There are no such accounts\. `\.\/ringup account add USER`/,
    );
  });
});

forEachTerminal('ringup account set', (open) => {
  test('changes the fields it names, and clears those that are empty', async () => {
    const ringup = await open();
    await ringup('account add alice --email a@example.test --phone +33601020304');
    const { json } = await ringup([
      'account',
      'set',
      'alice',
      'display_name=A = B',
      'admin=true',
      'activated=true',
      'phone=',
      '--json',
    ]);
    assert.deepEqual(
      [json.display_name, json.admin, json.activated, json.phone, json.email],
      ['A = B', true, true, null, 'a@example.test'],
    );
    assert.match((await ringup('account set alice display_name=null')).out, /^display_name +-$/m);
  });

  test('names every wrong value, and changes nothing', async () => {
    const ringup = await open();
    await ringup('account add alice');
    const before = (await ringup('account show alice --json')).out;
    const { status, out, err } = await ringup('account set alice admin=yes email=12 display_name=X');
    assert.deepEqual([status, out], [1, '']);
    assert.match(err, /^(?=.*admin "\S+" must be true or false)(?=.*email "12" must be one mail address).*\.\n$/);
    assert.equal((await ringup('account show alice --json')).out, before);
  });

  test('accepts a phone number with spaces and brackets', async () => {
    const ringup = await open();
    await ringup('account add alice');
    const { json } = await ringup(['account', 'set', 'alice', 'phone=+49 (0) 30 / 12 34 56', '--json']);
    assert.equal(json.phone, '+4930123456');
  });

  test('changes the user name only together with the password', async () => {
    const ringup = await open();
    await ringup('account add alice --activated');
    assert.match((await ringup('account set alice username=carol')).err, /only together with a new password/);
    assert.equal((await ringup('account set alice username=carol password=secret')).status, 0);
    const [credentials] = (await ringup('export kamailio --json')).json;
    assert.equal(credentials.ha1, computeHa1('SHA-256', 'carol', 'sip.example.test', 'secret'));
  });
});

forEachTerminal('ringup account password', (open) => {
  test('sets the given password, or a random one that it prints', async () => {
    const ringup = await open();
    await ringup('account add alice --activated');
    const ha1 = async () => (await ringup('export kamailio --json')).json[0].ha1;
    const { json } = await ringup('account password alice --json');
    assert.equal(await ha1(), computeHa1('SHA-256', 'alice', 'sip.example.test', json.password));
    const given = await ringup('account password alice --password-stdin --json', 'letmein\r\n');
    assert.equal(given.json.password, undefined);
    assert.equal(await ha1(), computeHa1('SHA-256', 'alice', 'sip.example.test', 'letmein'));
    const other = await ringup('account password alice --algorithm MD5');
    assert.match(other.out, /shown only once: [A-Za-z0-9]{22}\n/);
    assert.deepEqual((await ringup('account show alice --json')).json.passwords, [{ algorithm: 'MD5' }]);
  });
});

forEachTerminal('the state of an account', (open) => {
  test('is changed by activate, deactivate, block and unblock', async () => {
    const ringup = await open();
    await ringup('account add alice');
    for (const [word, activated, blocked] of [
      ['activate', true, false],
      ['block', true, true],
      ['unblock', true, false],
      ['deactivate', false, false],
    ] as const) {
      const { json } = await ringup(`account ${word} alice --json`);
      assert.deepEqual([json.activated, json.blocked], [activated, blocked], word);
    }
  });

  test('the last administrator cannot be deleted, blocked, deactivated or demoted', async () => {
    const ringup = await open();
    await ringup('account add root --admin --activated');
    for (const words of [
      'delete root --yes',
      'block root',
      'deactivate root',
      'set root admin=false',
      'set root activated=false',
    ]) {
      const { status, err } = await ringup(`account ${words}`);
      assert.equal(status, 1, words);
      assert.equal(err, 'This is the last administrator: make another one first.\n', words);
    }
    await ringup('account add second --admin --activated');
    assert.equal((await ringup('account delete root --yes')).out, 'Deleted the account root@sip.example.test.\n');
  });
});

forEachTerminal('a command for an account that does not exist', (open) => {
  test('ends with status 1 and one line that says how to find it', async () => {
    const ringup = await open();
    for (const words of [
      'account show bob',
      'account set bob admin=true',
      'account password bob',
      'account activate bob',
      'account delete bob',
      'token issue bob',
      'token revoke bob',
      'external set bob --username u --domain d.test --password p',
      'external clear bob',
      'contact list bob',
      'api-key create bob',
      'preview bob',
    ]) {
      const { status, out, err } = await ringup(words);
      assert.deepEqual([status, out], [1, ''], words);
      assert.equal(
        err,
        'There is no account "bob@sip.example.test": `./ringup account list` shows all accounts.\n',
        words,
      );
    }
  });
});
