import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

const phone = { 'user-agent': 'LinphoneAndroid/5.2.5 (Pixel 7) LinphoneSDK/5.3.74', 'x-linphone-provisioning': '1' };
const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)', accept: 'text/html', 'sec-fetch-site': 'none' };
const slack = { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)', accept: '*/*' };

interface Told {
  readonly id: number;
  readonly account_id: number | null;
  readonly at: string;
  readonly last_at: string;
  readonly count: number;
  readonly address: string | null;
  readonly kind: string;
  readonly sentence: string;
  readonly actor: string | null;
  readonly agent: string | null;
  readonly detail: Record<string, unknown>;
}

forEachDatabase('the timeline', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    const hooks = join(tempDirectory(), 'hooks.ts');
    writeFileSync(hooks, "export default { proxy() { if (globalThis.hooksFail) throw new Error('no'); } };\n");
    t = await openTestApp(await makeUrl(), { RINGUP_HOOKS: hooks });
  });
  after(() => t.close());

  /** Each a millisecond later than what was before. */
  const get = (url: string, headers: Record<string, string> = phone) => {
    t.advance(1);
    return t.server.inject({ url, headers });
  };
  const eventsOf = async ({ id }: Pick<Account, 'id'>): Promise<Told[]> =>
    (await t.api('GET', `/api/accounts/${id}/events`)).json.data;
  const kindsOf = async (account: Pick<Account, 'id'>) => (await eventsOf(account)).map(({ kind }) => kind);
  const lastOf = async (account: Pick<Account, 'id'>) => (await eventsOf(account)).at(-1);

  test('tells the whole life of a code, in order and in plain words', async () => {
    const made = (await t.api('POST', '/api/accounts', { username: 'zoe', password: 'secret' })).json;
    const path = `/provisioning/${made.provisioning_token}`;
    await get(path, browser);
    await get(`/provisioning/qrcode/${made.provisioning_token}`, browser);
    await get(path, slack);
    await get(path);
    const isDelivered = async () => (await t.app.deliveries.settleAll()) && (await kindsOf(made)).includes('delivered');
    assert.ok(await waitUntil(isDelivered));
    await get(path);
    const events = await eventsOf(made);
    assert.deepEqual(
      events.map(({ kind }) => kind),
      [
        'account-created',
        'token-issued',
        'page-opened',
        'code-shown',
        'turned-away',
        'fetched',
        'delivered',
        'refused',
      ],
    );
    const sentence = (kind: string) => events.find((event) => event.kind === kind)?.sentence;
    assert.match(sentence('token-issued') ?? '', /^A code was issued by the API key "test", valid until 20\d\d-.*Z\.$/);
    const reasonOf = (kind: string) => events.find((event) => event.kind === kind)?.detail.reason;
    assert.deepEqual([reasonOf('page-opened'), reasonOf('turned-away')], ['accepts-html', 'known-program']);
    assert.equal(sentence('page-opened'), 'The page of the code was opened in a browser from 127.0.0.1.');
    assert.match(
      sentence('turned-away') ?? '',
      /^Slack.* opened the link from 127\.0\.0\.1; the code was not used up, because its User-Agent is that of a program that opens links\.$/,
    );
    assert.equal(
      sentence('fetched'),
      'Linphone 5.2.5 on Android (Pixel 7) at 127.0.0.1 fetched the account, which activated it.',
    );
    assert.equal(
      sentence('refused'),
      'Linphone 5.2.5 on Android (Pixel 7) at 127.0.0.1 asked for the account and did not get it: the code had been used.',
    );
    assert.match(String(events.find(({ kind }) => kind === 'fetched')?.detail.document), /^[0-9a-f]{12}$/);
  });

  const refused: readonly (readonly [reason: string, make: (account: Account) => Promise<string>])[] = [
    [
      'expired',
      async (account) => {
        const token = await t.makeToken(account, 1_000);
        t.advance(2_000);
        return token;
      },
    ],
    [
      'superseded',
      async (account) => {
        const token = await t.makeToken(account);
        t.advance(10);
        await t.makeToken(account);
        return token;
      },
    ],
    [
      'revoked',
      async (account) => {
        const token = await t.makeToken(account);
        t.advance(10);
        const [{ id }] = (await t.api('GET', `/api/accounts/${account.id}/tokens`)).json;
        await t.api('DELETE', `/api/accounts/${account.id}/tokens/${id}`);
        return token;
      },
    ],
    [
      'blocked',
      async (account) => {
        const token = await t.makeToken(account);
        await t.api('POST', `/api/accounts/${account.id}/block`);
        return token;
      },
    ],
  ];
  for (const [reason, make] of refused) {
    test(`names the reason why a code was refused: ${reason}`, async () => {
      const account = await t.makeAccount();
      await get(`/provisioning/${await make(account)}`);
      const last = await lastOf(account);
      assert.deepEqual([last?.kind, last?.detail.reason], ['refused', reason]);
    });
  }

  test('says that a code was refused for a missing header or too many devices', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    await t.setSpace({ require_provisioning_header: true });
    assert.equal((await get(`/provisioning/${token}`, { 'user-agent': 'Unknown' })).statusCode, 400);
    assert.equal((await lastOf(account))?.detail.reason, 'header-missing');
    await t.setSpace({ require_provisioning_header: false, max_devices: 1 });
    await get(`/provisioning/${token}`);
    await get(`/provisioning/${await t.makeToken(account)}`);
    const last = await lastOf(account);
    assert.equal(last?.detail.reason, 'too-many-devices');
    assert.match(last?.sentence ?? '', /as many devices as the max_devices of its space allows/);
    await t.setSpace({ max_devices: 0 });
  });

  test('says that a hook failed', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    Object.assign(globalThis, { hooksFail: true });
    assert.equal((await get(`/provisioning/${token}`)).statusCode, 500);
    Object.assign(globalThis, { hooksFail: false });
    assert.equal((await lastOf(account))?.detail.reason, 'hook-failed');
    await get(`/provisioning/${token}`);
    assert.equal((await lastOf(account))?.kind, 'fetched');
  });

  test('records nothing for an unknown code', async () => {
    const before = (await t.api('GET', '/api/events')).json.next;
    await get('/provisioning/AAAAAAAAAAAAAAAAAAAAAA');
    await get('/provisioning/AAAAAAAAAAAAAAAAAAAAAA', slack);
    await get('/provisioning/AAAAAAAAAAAAAAAAAAAAAA', browser);
    assert.deepEqual((await t.api('GET', `/api/events?since=${before}`)).json.data, []);
  });

  test('merges repeats within ten minutes into one event with a count, the first and last time, and the last address', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    const open = (remoteAddress: string) =>
      t.server.inject({ url: `/provisioning/${token}`, headers: browser, remoteAddress });
    const start = t.app.now();
    await Promise.all(Array.from({ length: 20 }, (_, count) => open(`192.0.2.${count}`)));
    assert.deepEqual(await kindsOf(account), ['account-created', 'token-issued', 'page-opened']);
    t.advance(599_000);
    await open('198.51.100.9');
    const opened = await lastOf(account);
    assert.deepEqual(
      [opened?.count, opened?.at, opened?.last_at, opened?.address],
      [21, new Date(start).toISOString(), new Date(start + 599_000).toISOString(), '198.51.100.9'],
    );
    assert.match(opened?.sentence ?? '', /from 198\.51\.100\.9 \(21 times until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\)\.$/);
    t.advance(2_000);
    await open('192.0.2.1');
    const anew = await lastOf(account);
    assert.deepEqual([anew?.kind, anew?.count, anew?.last_at], ['page-opened', 1, anew?.at]);
  });

  test('orders events by the last time they happened', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    await get(`/provisioning/${token}`, browser);
    t.advance(120_000);
    const later = new Date(t.app.now()).toISOString();
    const listed = async () => (await t.api('GET', `/api/accounts/${account.id}/events?since=${later}`)).json.data;
    assert.deepEqual(await listed(), []);
    await get(`/provisioning/${token}`, browser);
    assert.deepEqual(
      (await listed()).map(({ kind, count }: Told) => [kind, count]),
      [['page-opened', 2]],
    );
  });

  test('has one fetch for eight phones at once, and counts the other seven in one event', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    await Promise.all(Array.from({ length: 8 }, () => get(`/provisioning/${token}`)));
    const kinds = await kindsOf(account);
    assert.equal(kinds.filter((kind) => kind === 'fetched').length, 1);
    assert.ok(kinds.filter((kind) => kind === 'refused').length <= 2, 'two, if some were too late and some in between');
  });

  test('says who changed which fields of an account, without any secret', async () => {
    const account = await t.makeAccount();
    const url = `/api/accounts/${account.id}`;
    await t.api('PUT', url, { display_name: 'Zoe', email: 'zoe@example.test' });
    await t.api('PUT', url, { password: 'another secret' });
    await t.api('POST', `${url}/activate`);
    await t.api('POST', `${url}/activate`);
    await t.api('POST', `${url}/block`);
    await t.api('POST', `${url}/unblock`);
    await t.api('POST', `${url}/deactivate`);
    await t.api('POST', `${url}/external`, { username: 'x', domain: 'other.test', password: 'outer', protocol: 'UDP' });
    const [, ...events] = await eventsOf(account);
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['account-changed', 'password-changed', 'activated', 'blocked', 'unblocked', 'deactivated', 'account-changed'],
    );
    assert.equal(events[0]?.sentence, 'The account was changed by the API key "test": display_name, email.');
    assert.equal(events[6]?.sentence, 'The account was changed by the API key "test": external account.');
    assert.ok(!/secret|outer/.test(JSON.stringify(events)));
  });

  test('drops the events of a deleted account, except the one that says who deleted it', async () => {
    const account = await t.makeAccount();
    await t.makeToken(account);
    const { next } = (await t.api('GET', '/api/events')).json;
    await t.api('DELETE', `/api/accounts/${account.id}`);
    const { data }: { data: Told[] } = (await t.api('GET', `/api/events?since=${next}`)).json;
    assert.deepEqual(
      data.filter(({ account_id }) => account_id === account.id).map(({ sentence }) => sentence),
      [`The account ${account.username} was deleted by the API key "test".`],
    );
    const all: { account_id: number }[] = (await t.api('GET', '/api/events?per_page=500')).json.data;
    assert.equal(all.filter(({ account_id }) => account_id === account.id).length, 1);
    assert.equal((await t.api('GET', `/api/accounts/${account.id}/events`)).status, 404);
  });

  test('a refused change records no event', async () => {
    const account = await t.makeAccount();
    assert.equal((await t.api('PUT', `/api/accounts/${account.id}`, { email: 'none' })).status, 422);
    assert.deepEqual(await kindsOf(account), ['account-created']);
  });

  test('can be read in pages, which contain each event once', async () => {
    const account = await t.makeAccount();
    const start = (await t.api('GET', '/api/events')).json.next;
    for (let round = 0; round < 7; round += 1) await t.makeToken(account);
    const seen: number[] = [];
    let since = start;
    for (let more = true; more; ) {
      const page = (await t.api('GET', `/api/events?since=${since}&per_page=3&kind=token-issued`)).json;
      seen.push(...page.data.map(({ id }: Told) => id));
      since = page.next;
      more = page.more;
    }
    assert.equal(seen.length, 7);
    assert.equal(new Set(seen).size, 7);
    const newest = (await t.api('GET', `/api/accounts/${account.id}/events?per_page=2`)).json.data;
    assert.deepEqual(
      newest.map(({ id }: Told) => id),
      seen.slice(-2),
    );
  });

  test('can be read from a point in time, or from a duration ago', async () => {
    const later = new Date(t.app.now() + 60_000).toISOString();
    assert.deepEqual((await t.api('GET', `/api/events?since=${later}`)).json.data, []);
    t.advance(20 * 60_000);
    const start = new Date(t.app.now()).toISOString();
    t.advance(10);
    const account = await t.makeAccount();
    for (let round = 0; round < 3; round += 1) await t.makeToken(account);
    const { data } = (await t.api('GET', `/api/events?since=${start}`)).json;
    assert.deepEqual(
      data.map(({ account_id }: { account_id: number }) => account_id),
      Array(4).fill(account.id),
    );
    const ofLastMinutes = (await t.api('GET', '/api/events?since=15m')).json.data;
    assert.deepEqual(
      ofLastMinutes.map(({ id }: Told) => id),
      data.map(({ id }: Told) => id),
    );
    const all = (await t.api('GET', '/api/events?since=2020-01-01&per_page=500')).json.data;
    assert.ok(all.length > data.length);
  });

  for (const [query, field] of [
    ['since=yesterday', 'since'],
    ['kind=fetched,nothing', 'kind'],
    ['per_page=501', 'per_page'],
    ['page=2', 'page'],
  ] as const) {
    test(`?${query} is refused with the name of the parameter`, async () => {
      const { status, json } = await t.api('GET', `/api/events?${query}`);
      assert.equal(status, 422);
      assert.deepEqual(Object.keys(json.errors), [field]);
      assert.doesNotMatch(json.message, /must match/);
    });
  }

  test('hides other spaces from the administrator of one space', async () => {
    await t.api('POST', '/api/spaces', { domain: 'small.test', name: 'Small' });
    const admin = { username: 'boss', password: 'secret', domain: 'small.test', admin: true, activated: true };
    const { id } = (await t.api('POST', '/api/accounts', admin)).json;
    const key = (await t.api('POST', `/api/accounts/${id}/api_keys`, { name: 'small' })).json.api_key;
    const own = await t.server.inject({ url: '/api/events?per_page=500', headers: { 'x-api-key': key } });
    const spaces = new Set(own.json().data.map(({ space }: { space: string }) => space));
    assert.deepEqual([...spaces], ['small.test']);
    const other = await t.makeAccount();
    const denied = await t.server.inject({ url: `/api/accounts/${other.id}/events`, headers: { 'x-api-key': key } });
    assert.equal(denied.statusCode, 404);
  });

  test('deletes events when they expire, in small steps', async () => {
    const account = await t.makeAccount();
    for (let count = 0; count < 10; count += 1) await t.makeToken(account);
    assert.equal((await kindsOf(account)).length, 11);
    t.advance(60_000);
    await t.makeToken(account);
    await t.app.events.prune(t.app.now(), 30_000);
    assert.deepEqual(await kindsOf(account), ['token-issued']);
  });

  test('gives only later events for the `next` of an empty page', async () => {
    const account = await t.makeAccount();
    // Answers to other tests' accounts may count as delivered only now.
    const ofAccount = (page: { data: Told[] }) => page.data.filter(({ account_id }) => account_id === account.id);
    for (const url of ['/api/events', `/api/accounts/${account.id}/events`]) {
      t.advance(60 * 60_000);
      const since = new Date(t.app.now()).toISOString();
      const empty = (await t.api('GET', `${url}?since=${since}`)).json;
      assert.deepEqual(ofAccount(empty), []);
      assert.deepEqual(ofAccount((await t.api('GET', `${url}?since=${empty.next}`)).json), []);
      t.advance(1);
      await t.api('PUT', `/api/accounts/${account.id}`, { display_name: url });
      const page = ofAccount((await t.api('GET', `${url}?since=${empty.next}`)).json);
      assert.deepEqual(
        page.map(({ kind }: Told) => kind),
        ['account-changed'],
      );
    }
  });
});
