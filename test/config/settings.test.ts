import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { apiRoutes } from '../../src/api/routes.ts';
import { adviceOn } from '../../src/config/advice.ts';
import { type Environment, loadSettings, readSettings, withEnvFile } from '../../src/config/load-config.ts';
import { effectivePublicUrl } from '../../src/config/public-url.ts';
import { effectiveSecret } from '../../src/config/secret.ts';
import { AppError } from '../../src/errors.ts';
import { trusting } from '../../src/lib/forwarded-for.ts';
import { panelRoutes } from '../../src/panel/routes.ts';
import { tempDirectory } from '../support/temp-directory.ts';

describe('a public URL', () => {
  const routes = [...panelRoutes, ...apiRoutes].flatMap(({ path }) => /^\/[a-z]+/.exec(path) ?? []);
  for (const path of new Set(['/provisioning', '/provisioning/phones', '/api/', '/contacts', '/assets/x', ...routes])) {
    test(`is refused if its path begins like one of the routes: ${path}`, () => {
      const set = { RINGUP_PUBLIC_URL: `https://ringup.example.com${path}` };
      assert.throws(
        () => loadSettings(set),
        /RINGUP_PUBLIC_URL "\S+" must not begin with \/\w+, which Ringup adds by itself/,
      );
    });
  }

  for (const path of ['', '/', '/phones', '/apis', '/provisioning2/', '/sip/api']) {
    test(`is accepted with the path ${path || '(none)'}`, () => {
      const set = { RINGUP_PUBLIC_URL: `https://ringup.example.com${path}` };
      assert.equal(loadSettings(set).publicUrl, `https://ringup.example.com${path.replace(/\/$/, '')}`);
    });
  }
});

test('the defaults apply without any setting', () => {
  const settings = loadSettings({});
  assert.deepEqual(settings.listen, { host: '127.0.0.1', port: 8080 });
  assert.equal(settings.sipDomain, null);
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
      for (const name of Object.keys(wrong)) assert.match(error.message, new RegExp(`^${name} .+[.?]$`, 'm'));
      assert.doesNotMatch(error.message, /short\b.*short/);
      return true;
    },
  );
});

for (const [name, meant] of [
  ['RINGUP_SIP_DOMIAN', 'RINGUP_SIP_DOMAIN'],
  ['RINGUP_DOMAIN', 'RINGUP_SIP_DOMAIN'],
  ['RINGUP_SIPDOMAIN', 'RINGUP_SIP_DOMAIN'],
  ['RINGUP_sip_domain', 'RINGUP_SIP_DOMAIN'],
  ['RINGUP_TRUSTED_PROXY', 'RINGUP_TRUSTED_PROXIES'],
  ['RINGUP_REGISTRAR_FILE', 'RINGUP_SIP_REGISTRAR_FILE'],
  ['RINGUP_SECRETS_FILE', 'RINGUP_SECRET_FILE'],
  ['RINGUP_DATABASE', 'RINGUP_DATABASE_URL'],
  ['RINGUP_DB_URL', 'RINGUP_DATABASE_URL'],
  ['RINGUP_DATA', 'RINGUP_DATA_DIR'],
  ['RINGUP_BASE_URL', 'RINGUP_PUBLIC_URL'],
  ['RINGUP_BIND', 'RINGUP_LISTEN'],
] as const) {
  test(`${name} is refused, and the mistake suggests ${meant}`, () => {
    const { mistakes, warning } = readSettings({ [name]: 'x' });
    const expected = [[`${name} is not a setting: did you mean ${meant}?`], undefined];
    assert.deepEqual([mistakes, warning], expected);
  });
}

for (const name of [
  'RINGUP_PORT',
  'RINGUP_SERVICE_HOST',
  'RINGUP_PORT_8080_TCP_ADDR',
  'RINGUP_VERSION',
  'RINGUP_URL',
]) {
  test(`${name} belongs to another program and causes only a warning`, () => {
    const { mistakes, warning } = readSettings({ [name]: 'x' });
    assert.deepEqual([mistakes, warning], [[], `${name} is not a setting of Ringup and changes nothing.`]);
  });
}

test('a mistake quotes the value with its invisible characters, but never a secret', () => {
  const { mistakes } = readSettings({
    RINGUP_SIP_DOMAIN: 'sip.\u200bexample.test',
    RINGUP_SECRET: 'sesame',
    RINGUP_DATABASE_URL: 'mysql://u:sesame@db',
    RINGUP_PUBLIC_URL: 'https://u:sesame@ringup.test',
  });
  assert.match(mistakes.join('\n'), /^RINGUP_SIP_DOMAIN "sip\.<U\+200B>example\.test" may contain/m);
  assert.equal(mistakes.length, 4);
  assert.doesNotMatch(mistakes.join(), /sesame/);
});

describe('a database URL', () => {
  const read = (url: string) => readSettings({ RINGUP_DATABASE_URL: url });

  for (const url of [
    'postgres://ringup:ses#ame@db/ringup',
    'postgres://ringup:12#sesame@db/ringup',
    'postgres://ringup:ses/ame@db/ringup',
    'postgres://ringup:12/sesame@db:5432/ringup',
    'postgres://ringup:ses?ame@db/ringup',
    'postgres://ringup:12?sesame@db/ringup?sslmode=require',
    'postgres://ringup:12/ses?ame@db/ringup',
    'postgresql://ringup:ses@me/sesame@db/ringup',
    'postgres://ringup:ses%ame@db/ringup',
  ]) {
    test(`is refused with advice on how to encode its password, but without the password: ${url}`, () => {
      const { mistakes } = read(url);
      assert.match(mistakes.join('\n'), /^RINGUP_DATABASE_URL has a character .+ write # as %23, \/ as %2F, .+\.$/);
      assert.doesNotMatch(mistakes.join(), /sesame|ses|ame@/);
    });
  }

  for (const url of [
    'postgres://ringup:ses%23%2F%3F%40%25ame@db/ringup',
    'postgres://ringup:s@same@db:5432/ringup',
    'postgres://db:5432/ringup?user=a@b&password=c',
    'postgres://ringup:sesame@/ringup?host=/run/postgresql',
    'postgres:///ringup?host=/run/postgresql',
    'postgres://ringup@%2Frun%2Fpostgresql/ringup',
    'postgres://ringup@[::1]:5432/ringup?options=-c%20search_path%3Dours',
    ...['disable', 'allow', 'prefer', 'require', 'verify-full'].map((mode) => `postgres://db/ringup?sslmode=${mode}`),
    'postgres://db/ringup?sslmode=verify-full&sslrootcert=system',
    `postgres://db/ringup?sslmode=verify-ca&sslrootcert=${import.meta.filename}`,
  ]) {
    test(`is accepted: ${url.replace(import.meta.filename, 'FILE')}`, () => {
      assert.deepEqual(read(url).mistakes, []);
      assert.equal(read(url).settings.databaseUrl, url);
    });
  }

  for (const [query, complaint] of [
    ['sslmode=verify', /has the sslmode "verify": use disable, allow, prefer, require, verify-ca or verify-full\.$/],
    ['sslmode=', /has the sslmode "": use /],
    ['ssl=no-verify', /has ssl="no-verify": use sslmode=/],
    ['sslmode=verify-ca', /needs sslrootcert=FILE .+: add it, or use sslmode=verify-full\.$/],
    ['sslmode=require&sslrootcert=system', /only with sslmode=verify-full: use both\.$/],
    [
      'sslmode=require&sslrootcert=/nonexistent/ca',
      /the sslrootcert "\/nonexistent\/ca", which cannot be read: correct /,
    ],
    ['sslkey=/nonexistent/key', /the sslkey "\/nonexistent\/key", which cannot be read: correct /],
  ] as const) {
    test(`is refused with what to write instead of ${query}`, () => {
      const { mistakes } = read(`postgres://ringup:sesame@db/ringup?${query}`);
      assert.equal(mistakes.length, 1);
      assert.match(mistakes.join(), complaint);
      assert.doesNotMatch(mistakes.join(), /sesame/);
    });
  }
});

test('an empty secret is refused', () => {
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
  test(`RINGUP_TRUSTED_PROXIES=${each} is understood, alone and among others`, () => {
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

test('each setting can be read from a file, but not be set in both places', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'ringup-')), 'domain');
  writeFileSync(file, 'sip.example.com\n');
  assert.equal(loadSettings({ RINGUP_SIP_DOMAIN_FILE: file }).sipDomain, 'sip.example.com');
  assert.throws(() => loadSettings({ RINGUP_SIP_DOMAIN_FILE: file, RINGUP_SIP_DOMAIN: 'a.example' }), /both set/);
});

test('--env-file overrides the environment', () => {
  const file = join(tempDirectory(), 'ringup.env');
  writeFileSync(file, '# comment\nRINGUP_SIP_DOMAIN="sip.example.org"\n');
  const environment = withEnvFile(file, { RINGUP_SIP_DOMAIN: 'other.example', RINGUP_LOG_LEVEL: 'warn' });
  const settings = loadSettings(environment);
  assert.equal(settings.sipDomain, 'sip.example.org');
  assert.equal(settings.logLevel, 'warn');
  assert.throws(() => withEnvFile(`${file}.missing`, {}), { code: 'settings-invalid' });
});

test('the secret is created once, readable only by its owner, and kept', () => {
  const dataDir = join(tempDirectory(), 'data');
  const secret = effectiveSecret({ secret: null, dataDir });
  assert.ok(secret.length >= 32);
  assert.equal(effectiveSecret({ secret: null, dataDir }), secret);
  assert.equal(readFileSync(join(dataDir, 'secret'), 'utf8').trim(), secret);
  assert.equal(statSync(join(dataDir, 'secret')).mode & 0o777, 0o600);
  assert.equal(effectiveSecret({ secret: 'x'.repeat(32), dataDir }), 'x'.repeat(32));
});

test('valid but unwise settings get advice, and good ones do not', () => {
  const advice = (environment: Environment) => {
    const settings = loadSettings(environment);
    return adviceOn(settings, effectivePublicUrl(settings), []);
  };
  assert.match(advice({}).join('\n'), /RINGUP_LISTEN=0\.0\.0\.0:8080.*RINGUP_PUBLIC_URL/);
  const public_ = { RINGUP_PUBLIC_URL: 'https://ringup.example.com' };
  assert.deepEqual(advice(public_), []);
  assert.match(advice({ RINGUP_PUBLIC_URL: 'http://10.1.2.3' }).join('\n'), /not https/);
  const shared = { ...public_, RINGUP_DATABASE_URL: 'postgres://u:p@db/ringup' };
  assert.match(advice(shared).join('\n'), /RINGUP_SECRET/);
});
