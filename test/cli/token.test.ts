import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openTestApp } from '../support/app.ts';
import { type DatabaseTerminal, forEachTerminal } from '../support/cli.ts';
import { requirePrograms } from '../support/debian.ts';
import { phonesOf } from '../support/phone.ts';
import { qrReaderPrograms, readQrCode } from '../support/qr-reader.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const publicUrl = 'https://ringup.example.test/phones';

/** Whether a phone that asks with this token now gets the account. */
async function works(ringup: DatabaseTerminal, token: string): Promise<boolean> {
  const app = await openTestApp(ringup.databaseUrl);
  try {
    return (await app.server.inject({ url: `/provisioning/qrcode/${token}` })).statusCode === 200;
  } finally {
    await app.close();
  }
}

/** A phone that keeps a key gets the account. */
async function redeem(ringup: DatabaseTerminal, token: string): Promise<void> {
  const app = await openTestApp(ringup.databaseUrl);
  await phonesOf(app).redeem(token);
  await app.close();
}

forEachTerminal('ringup token issue', (open) => {
  test('prints the token, its address and its expiry, and ends the older one', async () => {
    const ringup = await open({ RINGUP_PUBLIC_URL: publicUrl });
    const older = (await ringup('account add alice --json')).json.provisioning_token;
    const asked = Date.now();
    const { status, json, err } = await ringup('token issue alice --expires 1h --json');
    const answered = Date.now();
    assert.deepEqual(
      [status, err, Object.keys(json)],
      [0, '', ['provisioning_token', 'provisioning_url', 'expires_at']],
    );
    assert.equal(json.provisioning_url, `${publicUrl}/provisioning/${json.provisioning_token}`);
    const issuedAt = Date.parse(json.expires_at) - 3_600_000;
    assert.ok(asked <= issuedAt && issuedAt <= answered);
    assert.equal(await works(ringup, older), false);
    assert.equal(await works(ringup, json.provisioning_token), true);
  });

  test('issues a token that never expires, or resets the password, if the options say so', async () => {
    const ringup = await open({ RINGUP_PUBLIC_URL: publicUrl });
    await ringup('account add alice');
    const { json } = await ringup('token issue alice@sip.example.test --expires 0 --reset-password --json');
    assert.equal(json.expires_at, null);
    assert.equal(json.provisioning_url, `${publicUrl}/provisioning/${json.provisioning_token}?reset_password`);
    const { out } = await ringup('token issue alice --expires 0');
    assert.match(
      out,
      /^The phone fetches this address, which works once:\nhttps:\/\/.*\/provisioning\/[A-Za-z0-9]{28}\n$/,
    );
  });

  test('names the devices that will fetch a new password by their keys', async () => {
    const ringup = await open({ RINGUP_PUBLIC_URL: publicUrl });
    await ringup('account add alice');
    await ringup('space set sip.example.test refetch=every-start');
    assert.deepEqual((await ringup('token issue alice --reset-password --json')).json.devices, []);
    await redeem(ringup, (await ringup('token issue alice --json')).json.provisioning_token);
    const issued = await ringup('token issue alice --reset-password --json');
    const [{ id }] = issued.json.devices;
    assert.match(
      (await ringup('token issue alice --reset-password')).out,
      new RegExp(
        `\\?reset_password\\n.*\\(${id}\\) will fetch the new password by its key. To stop it: .\\.\\/ringup device revoke alice@`,
      ),
    );
    assert.doesNotMatch((await ringup('token issue alice')).out, /will fetch/);
  });

  test('writes the code as PNG and SVG, readable by the owner only', async (t) => {
    const ringup = await open({ RINGUP_PUBLIC_URL: publicUrl });
    await ringup('account add alice');
    const folder = tempDirectory();
    const [png, svg] = [join(folder, 'alice.png'), join(folder, 'alice.svg')];
    const { json } = await ringup(['token', 'issue', 'alice', '--png', png, '--svg', svg, '--json']);
    assert.deepEqual(readdirSync(folder).sort(), ['alice.png', 'alice.svg'], 'no draft is left');
    for (const file of [png, svg]) assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.match(readFileSync(svg, 'utf8'), /^<svg /);
    if (!requirePrograms(t, qrReaderPrograms)) return;
    assert.equal(await readQrCode(readFileSync(png)), json.provisioning_url);
  });

  test('draws the code, and warns of a loopback address', async () => {
    const ringup = await open();
    await ringup('account add alice');
    const { out, err } = await ringup('token issue alice --qr');
    assert.match(out, /▄▄▄▄▄/);
    assert.match(
      err,
      /^Note: Only this machine can reach this address\. .*serve --lan,.*RINGUP_LISTEN.*RINGUP_PUBLIC_URL.*\n$/,
    );
  });

  test('leaves the older token valid if the picture cannot be written', async () => {
    const ringup = await open({ RINGUP_PUBLIC_URL: publicUrl });
    const token = (await ringup('account add alice --json')).json.provisioning_token;
    const folder = tempDirectory();
    mkdirSync(join(folder, 'taken.png'));
    for (const path of [join(folder, 'missing', 'a.png'), join(folder, 'taken.png')]) {
      const { status, out, err } = await ringup(['token', 'issue', 'alice', '--png', path, '--json']);
      assert.deepEqual([status, out], [1, ''], path);
      assert.match(err, /^\S+ (?:cannot be written: its folder does not exist|is not a file)\.\n$/);
      assert.equal(existsSync(join(folder, 'missing')), false);
    }
    assert.equal(await works(ringup, token), true);
  });

  test('is refused for a blocked account', async () => {
    const ringup = await open({ RINGUP_PUBLIC_URL: publicUrl });
    await ringup('account add alice');
    await ringup('account block alice');
    const { status, err } = await ringup('token issue alice');
    assert.equal(status, 1);
    assert.equal(err, 'The account is blocked: unblock it first.\n');
  });
});

forEachTerminal('ringup token revoke', (open) => {
  test('revokes the token, and succeeds if there is none', async () => {
    const ringup = await open({ RINGUP_PUBLIC_URL: publicUrl });
    const token = (await ringup('account add alice --json')).json.provisioning_token;
    assert.equal((await ringup('token revoke alice')).out, 'Revoked all tokens of alice@sip.example.test.\n');
    assert.equal(await works(ringup, token), false);
    assert.equal((await ringup('token revoke alice --json')).json.username, 'alice');
  });
});

forEachTerminal('ringup token list, extend and revoke', (open) => {
  test('lists codes with their first letters, and extends or revokes one of them', async () => {
    const ringup = await open({ RINGUP_PUBLIC_URL: publicUrl });
    const older = (await ringup('account add alice --expires 2h --json')).json.provisioning_token;
    const token = (await ringup('token issue alice --expires 1h --json')).json.provisioning_token;
    const { out } = await ringup('token list alice');
    assert.match(out, /^id {2}begins {2}state {4}issued +by +ends\n2 +\w{6} +open .* command .*\n1 +\w{6} +revoked /);
    assert.ok(!out.includes(older) && !out.includes(token));
    const [issued, revoked] = (await ringup('token list alice --json')).json;
    assert.deepEqual([issued.prefix, issued.state, issued.issuer], [token.slice(0, 6), 'open', 'command line']);
    assert.deepEqual([revoked.prefix, revoked.state], [older.slice(0, 6), 'revoked']);

    const day = 86_400_000;
    const untilAt = async (words: string) =>
      Date.parse((await ringup(`token extend alice 2 ${words} --json`)).json.expires_at);
    for (const [words, days] of [
      ['--expires 2d', 2],
      ['', 7],
    ] as const) {
      const asked = Date.now();
      const extendedAt = (await untilAt(words)) - days * day;
      assert.ok(asked <= extendedAt && extendedAt <= Date.now(), words);
    }
    const at = Math.floor((Date.now() + 3 * day) / 60_000) * 60_000;
    assert.equal(await untilAt(`--expires ${new Date(at).toISOString().slice(0, 16)}Z`), at);
    assert.equal(
      (await ringup('token extend alice 2 --expires 0')).out,
      `The token ${token.slice(0, 6)}… (2) works once.\n`,
    );
    assert.equal(await works(ringup, token), true);

    const ended = await ringup('token revoke alice 2');
    assert.deepEqual([ended.status, ended.out], [0, `Revoked the token ${token.slice(0, 6)}… (2).\n`]);
    assert.equal(await works(ringup, token), false);
    assert.equal((await ringup('token revoke alice 2 --json')).json.state, 'revoked');
  });

  test('says what to do if there is nothing to list, extend or revoke', async () => {
    const ringup = await open({ RINGUP_PUBLIC_URL: publicUrl });
    await ringup('account add alice');
    await ringup('token revoke alice');
    for (const [words, complaint] of [
      ['token extend alice 1', /^A used or revoked token cannot be extended: issue a new one\.\n$/],
      ['token extend alice 7', /^This account has no token "7": `\.\/ringup token list` shows their ids\.\n$/],
      ['token revoke alice x', /^This account has no token "x": `\.\/ringup token list` shows their ids\.\n$/],
      [
        'token list bob',
        /^There is no account "bob@sip\.example\.test": `\.\/ringup account list` shows all accounts\.\n$/,
      ],
    ] as const) {
      const { status, out, err } = await ringup(words);
      assert.deepEqual([status, out], [1, ''], words);
      assert.match(err, complaint);
    }
    for (const when of ['30s', '2020-01-31T18:00Z', '2030-01-31', 'soon']) {
      const { status, err } = await ringup(`token extend alice 1 --expires ${when}`);
      assert.equal(status, 2, when);
      assert.match(err, new RegExp(`^--expires "${when}" must be a duration such as 90m`));
    }
  });
});
