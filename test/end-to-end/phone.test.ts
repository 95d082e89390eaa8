import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { visibleText } from '../../src/errors/quote-text.ts';
import { dialectOf } from '../../src/storage/dialect.ts';
import { type ApiClient, apiClient } from '../support/api-client.ts';
import { caddyPrograms, startCaddy } from '../support/caddy.ts';
import { environmentOf } from '../support/cli.ts';
import { forEachDatabase, type MakeUrl } from '../support/databases.ts';
import { requirePrograms } from '../support/debian.ts';
import { findProgram } from '../support/find-program.ts';
import { freePort } from '../support/free-port.ts';
import { type Registrar, registrarPrograms, startRegistrar } from '../support/kamailio.ts';
import type { Linphone } from '../support/linphone.ts';
import { type Phone, phones } from '../support/phones.ts';
import { qrReaderPrograms, readQrCode } from '../support/qr-reader.ts';
import { type ServingProcess, startServe } from '../support/serve.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

const run = promisify(execFile);
const besidePhones = { ...registrarPrograms, ...qrReaderPrograms, curl: 'curl' };
const domain = 'sip.example.test';
const otherDomain = 'other.example.test';
const tables = { MD5: 'sip_credentials_md5', 'SHA-256': 'sip_credentials_sha256' } as const;
type Algorithm = keyof typeof tables;

for (const phone of phones) {
  forEachDatabase(`a ${phone.name} provisioned by Ringup`, (makeUrl) => phoneOnDatabase(phone, makeUrl));
  test(`a ${phone.name} is provisioned by HTTPS through Caddy, as the quick start describes`, (t) =>
    provisionedByHttps(t, phone));
}

function phoneOnDatabase({ programs, signsInBy, start: startPhone }: Phone, makeUrl: MakeUrl): void {
  const needed = { ...programs, ...besidePhones };
  let serving: ServingProcess;
  let api: ApiClient;
  let registrars: Record<Algorithm, Registrar>;
  const ends: (() => Promise<unknown>)[] = [];

  before(async () => {
    // Each test says by itself what is missing.
    if (!Object.keys(needed).every(findProgram)) return;
    const url = await makeUrl();
    const embedded = dialectOf(url) === 'sqlite';
    serving = await startServe(environmentOf(url));
    ends.push(() => serving.stop());
    api = await apiClient(serving);
    const start = async (algorithm: Algorithm): Promise<Registrar> => {
      const database = embedded ? { sqlite: url } : { postgres: url };
      const registrar = await startRegistrar({ database, algorithm, table: tables[algorithm] });
      ends.push(() => registrar.stop());
      return registrar;
    };
    registrars = { MD5: await start('MD5'), 'SHA-256': await start('SHA-256') };
    await api('POST', '/api/spaces', { domain: otherDomain });
  });
  after(async () => {
    for (const end of ends.reverse()) await end();
  });

  /** The space's phones register there. */
  const useRegistrar = (algorithm: Algorithm, space = domain) =>
    api('PUT', `/api/spaces/${space}`, { registrar: `sip:127.0.0.1:${registrars[algorithm].port};transport=tcp` });

  const makeAccount = async (fields: Record<string, unknown>) =>
    api('POST', '/api/accounts', { password: 'first', ...fields });

  /** As a person does it: the code is shown, read, and its address given to the phone. */
  const scan = async (token: string, query = ''): Promise<Linphone> => {
    const png = await fetch(`${serving.url}/provisioning/qrcode/${token}${query}`);
    assert.equal(png.headers.get('content-type'), 'image/png');
    const url = await readQrCode(Buffer.from(await png.arrayBuffer()));
    assert.equal(url, png.headers.get('x-qrcode-url'));
    const phone = await startPhone({ url });
    ends.push(() => phone.quit());
    return phone;
  };
  const isRegistered = async (algorithm: Algorithm, address: string) =>
    (await registrars[algorithm].registered()).includes(address);

  for (const algorithm of ['MD5', 'SHA-256'] as const) {
    test(`registers by ${algorithm}, and does so again after a restart`, async (t) => {
      if (!requirePrograms(t, needed)) return;
      await useRegistrar(algorithm);
      const username = `alice-${algorithm.toLowerCase()}`;
      const address = `${username}@${domain}`;
      const { provisioning_token } = await makeAccount({ username, algorithm });
      const phone = await scan(provisioning_token);
      await phone.waitRegistered(address);
      assert.ok(await isRegistered(algorithm, address));
      await phone.quit();
      await registrars[algorithm].forget(address);
      assert.equal(await isRegistered(algorithm, address), false);
      const again = await startPhone({ directory: phone.directory });
      ends.push(() => again.quit());
      await again.waitRegistered(address);
      assert.ok(await isRegistered(algorithm, address));
    });

    test(`registers with both algorithms at a registrar that asks for ${algorithm}`, async (t) => {
      if (!requirePrograms(t, needed)) return;
      await useRegistrar(algorithm);
      await api('PUT', `/api/spaces/${domain}`, { algorithms: ['SHA-256', 'MD5'] });
      const username = `both-${algorithm.toLowerCase()}`;
      const { provisioning_token } = await makeAccount({ username });
      await api('PUT', `/api/spaces/${domain}`, { algorithms: ['SHA-256'] });
      const phone = await scan(provisioning_token);
      await phone.waitRegistered(`${username}@${domain}`);
      assert.ok(await isRegistered(algorithm, `${username}@${domain}`));
    });

    test(`fetches its changed configuration at its next start by ${signsInBy}, with ${algorithm}`, async (t) => {
      if (!requirePrograms(t, needed)) return;
      await useRegistrar(algorithm);
      await api('PUT', `/api/spaces/${domain}`, { refetch: 'every-start' });
      const username = `again-${algorithm.toLowerCase()}`;
      const address = `${username}@${domain}`;
      const { id, provisioning_token } = await makeAccount({ username, algorithm });
      const phone = await scan(provisioning_token);
      await phone.waitRegistered(address);
      await phone.quit();
      await api('PUT', `/api/accounts/${id}`, { display_name: 'Changed Meanwhile' });
      await registrars[algorithm].forget(address);
      const again = await startPhone({ directory: phone.directory });
      ends.push(() => again.quit());
      await again.waitRegistered(address);
      await again.quit();
      assert.match(again.rc(), /reg_identity="Changed Meanwhile" </);
      const fetched = new RegExp(`"path":"/provisioning/me","status":200,.*"account":${id},"by":"${signsInBy}"`);
      assert.ok(await waitUntil(() => fetched.test(serving.logged())));
      await api('PUT', `/api/spaces/${domain}`, { refetch: 'once' });
    });

    test(`curl fetches /provisioning/me by ${algorithm} Digest`, async (t) => {
      if (!requirePrograms(t, needed)) return;
      const username = `curl-${algorithm.toLowerCase()}`;
      await makeAccount({ username, algorithm, activated: true });
      const fetchMe = (password: string) =>
        run('curl', [
          ...[
            '--silent',
            '--digest',
            '--user',
            `${username}:${password}`,
            '--header',
            `From: sip:${username}@${domain}`,
          ],
          ...['--write-out', '\n%{http_code}', `${serving.url}/provisioning/me`],
        ]);
      const right = (await fetchMe('first')).stdout;
      assert.match(right, new RegExp(`<sip:${username}@`.replace('<', '&lt;')));
      assert.match(right, /\n200$/);
      assert.match((await fetchMe('wrong')).stdout, /\n401$/);
    });
  }

  for (const [username, display_name] of [
    ['quotes', `"Al" 'O' \\ <&> "; é 😀`],
    ['backslash', 'Zoë \\'],
    ['backslashes', 'a, b \\\\ \\"\\'],
    ['right-to-left', 'دينا \u202e 50% #1'],
    ["it's ~all* (o)k!", null],
    ['a=1&b+$2,c?d/e#f', 'x'.repeat(120)],
    ['100%41', null],
  ] as const) {
    test(`registers as ${username}${display_name === null ? '' : ` with the display name ${visibleText(display_name)}`}`, async (t) => {
      if (!requirePrograms(t, needed)) return;
      await useRegistrar('SHA-256');
      await api('PUT', `/api/spaces/${domain}`, { username_pattern: '.' });
      const { provisioning_token, sip_uri, ...made } = await makeAccount({ username, display_name });
      assert.equal(made.display_name, display_name);
      const phone = await scan(provisioning_token);
      await phone.waitRegistered(sip_uri.replace('sip:', ''));
      assert.ok(await isRegistered('SHA-256', `${username}@${domain}`));
    });
  }

  test('registers both its account and its external account, which has another realm', async (t) => {
    if (!requirePrograms(t, needed)) return;
    await useRegistrar('SHA-256');
    await makeAccount({ username: 'outside', domain: otherDomain, password: 'outer', activated: true });
    const { id } = await makeAccount({ username: 'inside' });
    await api('POST', `/api/accounts/${id}/external`, {
      username: 'outside',
      domain: otherDomain,
      password: 'outer',
      registrar: `127.0.0.1:${registrars['SHA-256'].port}`,
      protocol: 'TCP',
    });
    const { provisioning_token } = await api('POST', `/api/accounts/${id}/provision`);
    const phone = await scan(provisioning_token);
    for (const address of [`inside@${domain}`, `outside@${otherDomain}`]) {
      await phone.waitRegistered(address);
      assert.ok(await isRegistered('SHA-256', address));
    }
  });

  test('registers with the new password after reset_password, and not with the old one', async (t) => {
    if (!requirePrograms(t, needed)) return;
    await useRegistrar('SHA-256');
    const { id, provisioning_token } = await makeAccount({ username: 'reset' });
    const before = await scan(provisioning_token);
    await before.waitRegistered(`reset@${domain}`);
    await before.quit();
    await registrars['SHA-256'].forget(`reset@${domain}`);
    const { provisioning_token: second } = await api('POST', `/api/accounts/${id}/provision`);
    const now = await scan(second, '?reset_password');
    await now.waitRegistered(`reset@${domain}`);
    const old = await startPhone({ directory: before.directory });
    ends.push(() => old.quit());
    await old.waitRefused(`reset@${domain}`);
  });

  test('is refused by the registrar when its account is blocked', async (t) => {
    if (!requirePrograms(t, needed)) return;
    await useRegistrar('MD5');
    const { id, provisioning_token } = await makeAccount({ username: 'blocked', algorithm: 'MD5' });
    const phone = await scan(provisioning_token);
    await phone.waitRegistered(`blocked@${domain}`);
    await phone.quit();
    await api('POST', `/api/accounts/${id}/block`);
    const again = await startPhone({ directory: phone.directory });
    ends.push(() => again.quit());
    await again.waitRefused(`blocked@${domain}`);
  });
}

async function provisionedByHttps(t: TestContext, { programs, start }: Phone): Promise<void> {
  if (!requirePrograms(t, { ...programs, ...registrarPrograms, ...caddyPrograms })) return;
  const port = await freePort();
  const caddy = await startCaddy(`127.0.0.1:${port}`);
  t.after(() => caddy.stop());
  const dataDir = tempDirectory();
  const serving = await startServe({
    RINGUP_DATA_DIR: dataDir,
    RINGUP_LISTEN: `127.0.0.1:${port}`,
    RINGUP_PUBLIC_URL: caddy.url,
    RINGUP_TRUSTED_PROXIES: '127.0.0.1',
  });
  t.after(() => serving.stop());
  const api = await apiClient(serving);
  const registrar = await startRegistrar({
    database: { sqlite: `${dataDir}/ringup.sqlite` },
    algorithm: 'SHA-256',
    table: tables['SHA-256'],
  });
  t.after(() => registrar.stop());
  await api('PUT', `/api/spaces/${domain}`, {
    registrar: `sip:127.0.0.1:${registrar.port};transport=tcp`,
    refetch: 'every-start',
  });
  const { provisioning_token } = await api('POST', '/api/accounts', { username: 'alice', password: 'secret' });
  const url = `${caddy.url}/provisioning/${provisioning_token}`;
  const phone = await start({ url, caFile: caddy.caFile });
  t.after(() => phone.quit());
  await phone.waitRegistered(`alice@${domain}`);
  assert.deepEqual(await registrar.registered(), [`alice@${domain}`]);
  await phone.quit();
  const again = await start({ directory: phone.directory });
  t.after(() => again.quit());
  await again.waitRegistered(`alice@${domain}`);
  assert.ok(await waitUntil(() => /"path":"\/provisioning\/me","status":200/.test(serving.logged())));
}
