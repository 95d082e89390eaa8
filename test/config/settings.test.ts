import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { adviceOn } from '../../src/config/advice.ts';
import { loadSettings, withEnvFile } from '../../src/config/load-config.ts';
import { effectivePublicUrl } from '../../src/config/public-url.ts';
import { effectiveSecret } from '../../src/config/secret.ts';
import { AppError } from '../../src/errors.ts';
import { trusting } from '../../src/lib/forwarded-for.ts';
import { tempDirectory } from '../support/temp-directory.ts';

describe('a public URL', () => {
  for (const path of [
    '/provisioning',
    '/api',
    '/api/',
    '/provisioning/phones',
    '/contacts',
    '/setup',
    '/assets/x',
    '/health',
  ]) {
    test(`is refused if its path begins as one of ours: ${path}`, () => {
      const set = { RINGUP_PUBLIC_URL: `https://ringup.example.com${path}` };
      assert.throws(
        () => loadSettings(set),
        /RINGUP_PUBLIC_URL must not begin with \/\w+, which Ringup adds by itself/,
      );
    });
  }

  for (const path of ['', '/', '/phones', '/apis', '/provisioning2/', '/sip/api']) {
    test(`is good with the path ${path || '(none)'}`, () => {
      const set = { RINGUP_PUBLIC_URL: `https://ringup.example.com${path}` };
      assert.equal(loadSettings(set).publicUrl, `https://ringup.example.com${path.replace(/\/$/, '')}`);
    });
  }
});

test('without any setting the defaults apply', () => {
  const settings = loadSettings({});
  assert.deepEqual(settings.listen, { host: '127.0.0.1', port: 8080 });
  assert.equal(settings.sipDomain, 'sip.example.test');
  assert.equal(settings.tokenLifetime, 7 * 24 * 60 * 60_000);
  assert.equal(settings.logLevel, 'info');
  assert.equal(settings.databaseUrl, null);
  assert.equal(effectivePublicUrl(settings), 'http://127.0.0.1:8080');
});

test('all mistakes are reported together, each by its name', () => {
  const wrong = {
    RINGUP_DATABASE_URL: 'mysql://x',
    RINGUP_LISTEN: '8080',
    RINGUP_PUBLIC_URL: 'ringup.example.com',
    RINGUP_SIP_DOMAIN: 'not a domain',
    RINGUP_SIP_REGISTRAR: 'sip.example.com',
    RINGUP_SECRET: 'short',
    RINGUP_TRUSTED_PROXIES: '10.0.0.0/99',
    RINGUP_TOKEN_LIFETIME: 'soon',
    RINGUP_LOG_LEVEL: 'loud',
    RINGUP_LISTN: '127.0.0.1:80',
    RINGUP_HOOKS_FILE: '/does/not/exist',
  };
  assert.throws(
    () => loadSettings(wrong),
    (error) => {
      assert.ok(error instanceof AppError && error.code === 'settings-invalid');
      for (const name of Object.keys(wrong)) assert.match(error.message, new RegExp(`^${name} .+\\.$`, 'm'));
      assert.doesNotMatch(error.message, /short\b.*short/);
      return true;
    },
  );
});

test('an empty secret is a mistake, as whoever sets it means to have one', () => {
  assert.throws(() => loadSettings({ RINGUP_SECRET: '' }), /RINGUP_SECRET must have at least 32 characters/);
});

const listens: readonly [string, { host: string; port: number } | undefined][] = [
  ['0.0.0.0:80', { host: '0.0.0.0', port: 80 }],
  ['[::1]:8080', { host: '::1', port: 8080 }],
  ['localhost:1', { host: 'localhost', port: 1 }],
  ['::1:8080', undefined],
  ['127.0.0.1:0', undefined],
  ['127.0.0.1:65536', undefined],
  ['127.0.0.1', undefined],
  ['[nonsense]:80', undefined],
];
for (const [text, expected] of listens) {
  test(`RINGUP_LISTEN=${text} is ${expected === undefined ? 'refused' : 'understood'}`, () => {
    if (expected === undefined) assert.throws(() => loadSettings({ RINGUP_LISTEN: text }), /RINGUP_LISTEN/);
    else assert.deepEqual(loadSettings({ RINGUP_LISTEN: text }).listen, expected);
  });
}

for (const each of [
  '10.0.0.0/8',
  '192.0.2.1',
  '192.0.2.1/32',
  '0.0.0.0/1',
  '::1',
  'fd00::/8',
  '2001:db8::1/128',
  '::ffff:192.0.2.1',
]) {
  test(`RINGUP_TRUSTED_PROXIES=${each} is understood, also among others`, () => {
    const { trustedProxies } = loadSettings({ RINGUP_TRUSTED_PROXIES: `127.0.0.1, ${each},` });
    assert.deepEqual(trustedProxies, ['127.0.0.1', each]);
    assert.ok(trusting(trustedProxies)('127.0.0.1'));
  });
}

for (const each of [
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0.0/-1',
  '10.0.0.0/8/8',
  '10.0.0.0/255.0.0.0',
  '10/8',
  '010.0.0.0/8',
  '012.0.0.1',
  '0x7f.0.0.1',
  '2130706433',
  '127.1',
  '::1/129',
  '::ffff:010.0.0.1',
  '[::1]',
  'localhost',
  '0.0.0.0/0',
  '::/0',
]) {
  test(`RINGUP_TRUSTED_PROXIES=${each} is refused`, () => {
    assert.throws(
      () => loadSettings({ RINGUP_TRUSTED_PROXIES: `127.0.0.1,${each}` }),
      (error) => error instanceof AppError && error.message.includes(`"${each}" is neither`),
    );
  });
}

test('each setting may stand in a file, and not in both places', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'ringup-')), 'domain');
  writeFileSync(file, 'sip.example.com\n');
  assert.equal(loadSettings({ RINGUP_SIP_DOMAIN_FILE: file }).sipDomain, 'sip.example.com');
  assert.throws(() => loadSettings({ RINGUP_SIP_DOMAIN_FILE: file, RINGUP_SIP_DOMAIN: 'a.example' }), /both set/);
});

test('--env-file is read over the environment', () => {
  const file = join(tempDirectory(), 'ringup.env');
  writeFileSync(file, '# comment\nRINGUP_SIP_DOMAIN="sip.example.org"\n');
  const environment = withEnvFile(file, { RINGUP_SIP_DOMAIN: 'other.example', RINGUP_LOG_LEVEL: 'warn' });
  const settings = loadSettings(environment);
  assert.equal(settings.sipDomain, 'sip.example.org');
  assert.equal(settings.logLevel, 'warn');
  assert.throws(() => withEnvFile(`${file}.missing`, {}), { code: 'settings-invalid' });
});

test('the secret is made once, readable by its owner alone, and kept', () => {
  const dataDir = join(tempDirectory(), 'data');
  const secret = effectiveSecret({ secret: null, dataDir });
  assert.ok(secret.length >= 32);
  assert.equal(effectiveSecret({ secret: null, dataDir }), secret);
  assert.equal(readFileSync(join(dataDir, 'secret'), 'utf8').trim(), secret);
  assert.equal(statSync(join(dataDir, 'secret')).mode & 0o777, 0o600);
  assert.equal(effectiveSecret({ secret: 'x'.repeat(32), dataDir }), 'x'.repeat(32));
});

test('settings that are valid but unwise get advice, and others do not', () => {
  assert.match(adviceOn(loadSettings({}), []).join('\n'), /RINGUP_LISTEN=0\.0\.0\.0:8080.*RINGUP_PUBLIC_URL/);
  const public_ = { RINGUP_PUBLIC_URL: 'https://ringup.example.com' };
  assert.deepEqual(adviceOn(loadSettings(public_), []), []);
  assert.match(adviceOn(loadSettings({ RINGUP_PUBLIC_URL: 'http://10.1.2.3' }), []).join('\n'), /not https/);
  const shared = { ...public_, RINGUP_DATABASE_URL: 'postgres://u:p@db/ringup' };
  assert.match(adviceOn(loadSettings(shared), []).join('\n'), /RINGUP_SECRET/);
});
