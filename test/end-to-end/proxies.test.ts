import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { type TestContext, test } from 'node:test';
import { type ApiClient, apiClient } from '../support/api-client.ts';
import { caddyPrograms, startCaddy } from '../support/caddy.ts';
import { requirePrograms } from '../support/debian.ts';
import { type ProxyName, recipes, startProxy } from '../support/proxies.ts';
import { startServe } from '../support/serve.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

const domain = 'sip.example.test';
const proxies: Readonly<Record<ProxyName | 'Caddy', Readonly<Record<string, string>>>> = {
  nginx: recipes.nginx.programs,
  HAProxy: recipes.HAProxy.programs,
  Apache: recipes.Apache.programs,
  Caddy: caddyPrograms,
};

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** A code of an account of its own. */
interface Code {
  readonly account: number;
  /** Where phones fetch it. */
  readonly path: string;
}

for (const [name, programs] of Object.entries(proxies)) {
  test(`a code works once behind ${name} set up as in the manual, and again only for the same phone`, async (t) => {
    if (!requirePrograms(t, programs)) return;
    const { get, post, api, newCode, eventsOf } = await startBehind(name as ProxyName | 'Caddy', t);
    const hasAccount = ({ status, body }: Answer) => {
      assert.equal(status, 200);
      return body.includes('auth_info_0');
    };
    const agents = (count: number, of: (index: number) => string) => Array.from({ length: count }, (_, n) => of(n));
    const oneAfterAnother = async ({ account, path }: Code, names: readonly string[]) => {
      const answers: boolean[] = [];
      for (const agent of names) {
        answers.push(hasAccount(await get(path, { 'user-agent': agent })));
        // A busy server may note the end of an answer only after the client has read it. Phones do not ask that soon.
        const count = answers.filter(Boolean).length;
        const areNoted = async () => (await eventsOf(account, 'delivered')).length === count;
        assert.ok(await waitUntil(areNoted), `${count} answers are noted`);
      }
      return answers.map(Number).join('');
    };

    await t.test('one request gets the account, unchanged and never to be cached', async () => {
      const answer = await get((await newCode()).path, { 'accept-encoding': 'gzip' });
      assert.equal(hasAccount(answer), true);
      assert.equal(answer.headers['content-type'], 'application/xml');
      assert.equal(answer.headers['cache-control'], 'no-store');
      assert.equal(answer.headers['content-encoding'], undefined);
    });

    await t.test('one of eight different phones that ask at once gets the account', async () => {
      for (let round = 0; round < 10; round += 1) {
        const { path } = await newCode();
        const asking = agents(8, (n) => `phone ${n}`).map((agent) => get(path, { 'user-agent': agent }));
        assert.equal((await Promise.all(asking)).filter(hasAccount).length, 1);
      }
    });

    await t.test('one to four of eight simultaneous requests of one phone get the account', async () => {
      const { path } = await newCode();
      const asking = agents(8, () => 'phone').map((agent) => get(path, { 'user-agent': agent }));
      const winners = (await Promise.all(asking)).filter(hasAccount).length;
      assert.ok(winners >= 1 && winners <= 4, `${winners} winners`);
    });

    await t.test('only the first of six phones that ask one after another gets the account', async () => {
      assert.equal(
        await oneAfterAnother(
          await newCode(),
          agents(6, (n) => `phone ${n}`),
        ),
        '100000',
      );
    });

    await t.test('a phone that asks six times gets it four times, or once if the window is 0', async () => {
      assert.equal(
        await oneAfterAnother(
          await newCode(),
          agents(6, () => 'phone'),
        ),
        '111100',
      );
      await api('PUT', `/api/spaces/${domain}`, { retry_window: 0 });
      assert.equal(
        await oneAfterAnother(
          await newCode(),
          agents(6, () => 'phone'),
        ),
        '100000',
      );
      await api('PUT', `/api/spaces/${domain}`, { retry_window: null });
    });

    await t.test('HEAD uses nothing up', async () => {
      const { path } = await newCode();
      assert.equal((await get(path, {}, 'HEAD')).status, 200);
      assert.equal(hasAccount(await get(path)), true);
    });

    await t.test('an address that the client claims is ignored, and the one that the proxy names is used', async () => {
      const { account, path } = await newCode();
      await get(path, { 'x-forwarded-for': '203.0.113.99', 'user-agent': 'liar' });
      const fetched = (await eventsOf(account)).filter(({ agent }) => agent === 'liar');
      assert.deepEqual([...new Set(fetched.map(({ address }) => address))], ['127.0.0.1']);
    });

    await t.test('an API key works only for its own request, not for others on the same connection', async () => {
      const path = '/api/accounts/me';
      assert.equal((await get(path, { 'x-api-key': await keyOf(api, 2) })).status, 200);
      assert.equal((await get(path)).status, 401);
    });

    await t.test('the longest address of a sheet and a table of 8 MB get through', async () => {
      const ids = Array.from({ length: 500 }, (_, n) => `account=${100_000 + n}`).join('&');
      const { status, headers } = await get(`/admin/sheet?${ids}`);
      assert.equal(status, 303);
      // Signing in does not lead back to so long an address.
      assert.equal(headers.location, '/login');
      const row = (_: unknown, n: number) => `user${n},${'x'.repeat(9_000)}`;
      const table = ['username,name', ...Array.from({ length: 900 }, row)].join('\n');
      const key = await keyOf(api, (await api('GET', '/api/accounts/me')).id);
      const imported = await post('/api/accounts/import?dry_run=true', { 'x-api-key': key }, table);
      // A busy server may take longer than a request waits.
      assert.ok([200, 202].includes(Number(imported.status)), imported.body);
    });

    await t.test('the longest address of a sheet gets through in an answer', async () => {
      const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
      const signedIn = await post('/login', form, 'username=admin&password=administrator');
      const [cookie] = String(signedIn.headers['set-cookie']).split(';');
      const key = await keyOf(api, (await api('GET', '/api/accounts/me')).id);
      const rows = Array.from({ length: 500 }, (_, n) => `card${n}\n`).join('');
      const { id } = JSON.parse((await post('/api/accounts/import', { 'x-api-key': key }, `username\n${rows}`)).body);
      const isDone = async () => (await api('GET', `/api/imports/${id}`)).state === 'done';
      assert.ok(await waitUntil(isDone), 'the rows are written');
      const chosen = 'action=sheet&all=true';
      const made = await post('/admin/accounts?search=card', { ...form, cookie: String(cookie) }, chosen);
      assert.equal(made.status, 303, made.body);
      assert.ok(String(made.headers.location).length > 5_000, String(made.headers.location));
    });
  });
}

async function startBehind(name: ProxyName | 'Caddy', t: TestContext) {
  const serving = await startServe({ RINGUP_DATA_DIR: tempDirectory(), RINGUP_TRUSTED_PROXIES: '127.0.0.1' });
  t.after(() => serving.stop());
  const upstream = `127.0.0.1:${serving.port}`;
  const proxy = name === 'Caddy' ? await startCaddy(upstream) : await startProxy(name, upstream);
  t.after(() => proxy.stop());
  const api = await apiClient(serving);
  let count = 0;
  const options: RequestOptions = { ca: readFileSync(proxy.caFile), servername: 'localhost' };
  return {
    api,
    get: (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      ask(`${proxy.url}${path}`, { ...options, method, headers: { 'user-agent': 'phone', ...headers } }),
    post: (path: string, headers: Record<string, string>, body: string) =>
      ask(
        `${proxy.url}${path}`,
        { ...options, method: 'POST', headers: { 'content-type': 'text/csv', ...headers } },
        body,
      ),
    newCode: async (): Promise<Code> => {
      count += 1;
      const made = await api('POST', '/api/accounts', { username: `user${count}`, password: 'secret' });
      return { account: made.id, path: `/provisioning/${made.provisioning_token}` };
    },
    eventsOf: async (account: number, kind?: string): Promise<{ agent: string; address: string }[]> =>
      (await api('GET', `/api/accounts/${account}/events${kind === undefined ? '' : `?kind=${kind}`}`)).data,
  };
}

async function keyOf(api: ApiClient, id: number): Promise<string> {
  return (await api('POST', `/api/accounts/${id}/api_keys`, {})).api_key;
}

/** On a connection of its own, as phones ask. */
function ask(url: string, options: RequestOptions, sent?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ...options, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.once('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
      response.once('error', reject);
    });
    asked.once('error', reject).end(sent);
  });
}
