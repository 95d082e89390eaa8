import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, before, mock, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { blockAccount } from '../../src/administration/block-account.ts';
import { operator } from '../../src/events/actor.ts';
import { buildServer } from '../../src/server.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { type ReadStream, readEventStream, untilEnded, untilState } from '../support/event-stream.ts';
import { panelBrowser } from '../support/panel.ts';
import { waitUntil } from '../support/wait-until.ts';

const browser = { accept: 'text/html', 'user-agent': 'Mozilla/5.0 (Linux; Android 15) Chrome/140.0.0.0' };
const phone = {
  'user-agent': 'LinphoneAndroid/6.0.12 (Pixel 8) LinphoneSDK/5.4.30',
  'x-linphone-provisioning': 'true',
};
const minuteMs = 60_000;

forEachDatabase('the live progress of a code', (makeUrl) => {
  let t: TestApp;
  let url: string;
  let cookie: string;
  let account: Account;
  let token: string;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.server.listen({ port: 0, host: '127.0.0.1' });
    url = `http://127.0.0.1:${(t.server.server.address() as AddressInfo).port}`;
    account = await t.makeAccount({ activated: true });
    token = await t.makeToken(account, 60 * minuteMs);
    cookie = await signedInCookie();
  });
  after(() => t.close());

  const signedInCookie = async (): Promise<string> => {
    const admin = await t.makeAccount({ admin: true, activated: true, password: 'administrator' });
    const signedIn = panelBrowser(t);
    await signedIn.signIn(admin.username, 'administrator');
    return [...signedIn.cookies].map((pair) => pair.join('=')).join('; ');
  };
  const ofAccount = (withCookie = cookie): Promise<ReadStream> =>
    readEventStream(`${url}/admin/accounts/${account.id}/provisioning/live`, { cookie: withCookie });
  const ofToken = (of = token): Promise<ReadStream> => readEventStream(`${url}/provisioning/${of}/live`);
  const untilDelivered = async (stream: ReadStream): Promise<void> => {
    const isDelivered = async () => (await t.app.deliveries.settleAll()) && stream.states().at(-1) === 'delivered';
    assert.ok(await waitUntil(isDelivered), stream.text());
  };
  const fetchCode = async (headers: Record<string, string>): Promise<void> =>
    void (await (await fetch(`${url}/provisioning/${token}`, { headers })).text());

  test('shows at once where the code is, then when it is opened, fetched and delivered, and ends', async () => {
    const streams = [await ofAccount(), await ofToken()];
    for (const stream of streams) await untilState(stream, 'waiting');
    await fetchCode(browser);
    for (const stream of streams) await untilState(stream, 'opened');
    await fetchCode(phone);
    for (const stream of streams) {
      await untilDelivered(stream);
      await untilEnded(stream);
      const states = stream.states().filter((state) => state !== 'fetched');
      assert.deepEqual(states, ['waiting', 'opened', 'delivered']);
    }
    const [later] = await Promise.all([ofToken()]);
    await untilEnded(later);
    assert.deepEqual(later.states(), ['delivered']);
  });

  test('tells proxies neither to buffer nor to store it', async () => {
    const stream = await ofToken();
    assert.equal(stream.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    assert.equal(stream.headers.get('x-accel-buffering'), 'no');
    assert.match(stream.headers.get('cache-control') ?? '', /no-store/);
    await untilEnded(stream);
  });

  test('shows a stranger only that a token has expired, whether it was revoked or never existed', async () => {
    const revoked = await t.makeToken(account);
    await t.makeToken(account);
    for (const each of [revoked, 'f'.repeat(64)]) {
      const stream = await ofToken(each);
      await untilEnded(stream);
      assert.deepEqual(stream.states(), ['expired']);
      assert.equal(stream.status, 200);
    }
  });

  test('shows when the code expires, and ends', async () => {
    token = await t.makeToken(account, 5 * minuteMs);
    const streams = [await ofAccount(), await ofToken()];
    for (const stream of streams) await untilState(stream, 'waiting');
    t.advance(5 * minuteMs);
    for (const stream of streams) {
      await untilState(stream, 'expired');
      await untilEnded(stream);
    }
  });

  test('shows that the code has ended with a deactivation or with its space, and ends', async () => {
    await t.api('POST', '/api/spaces', { domain: 'gone.example.test' });
    for (const end of [
      ({ id }: Account) => t.api('POST', `/api/accounts/${id}/deactivate`),
      () => t.api('DELETE', '/api/spaces/gone.example.test?with_accounts=true'),
    ]) {
      const inactive = await t.makeAccount({ domain: 'gone.example.test' });
      const stream = await ofToken(await t.makeToken(inactive));
      await untilState(stream, 'waiting');
      assert.equal((await end(inactive)).status, 200);
      await untilState(stream, 'expired');
      await untilEnded(stream);
    }
  });

  test('shows that another code was issued or the code extended, so that no open page keeps what is not valid', async () => {
    const of = await t.makeAccount();
    const pageOf = async (): Promise<string> =>
      (await fetch(`${url}/admin/accounts/${of.id}/provisioning`, { headers: { cookie } })).text();
    const former = await t.makeToken(of, 60 * minuteMs);
    const [, shown] = /id="code-live"[^>]* data-revision="([^"]+)"/.exec(await pageOf()) ?? [];
    assert.ok(shown);
    const stream = await readEventStream(`${url}/admin/accounts/${of.id}/provisioning/live`, { cookie });
    const withToken = await ofToken(former);
    for (const each of [stream, withToken]) await untilState(each, 'waiting');
    assert.deepEqual(stream.revisions(), [shown]);

    const token = await t.makeToken(of, 60 * minuteMs);
    await untilState(withToken, 'expired');
    assert.ok(await waitUntil(async () => stream.states().length === 2));
    const withNewToken = await ofToken(token);
    await untilState(withNewToken, 'waiting');
    const list = (await t.api('GET', `/api/accounts/${of.id}/tokens`)).json as unknown as { id: number }[];
    const expires_at = new Date(t.app.now() + 120 * minuteMs).toISOString();
    const extended = await t.api('PUT', `/api/accounts/${of.id}/tokens/${list[0]?.id}`, { expires_at });
    assert.equal(extended.status, 200, extended.text);
    assert.ok(await waitUntil(async () => stream.states().length === 3));

    assert.deepEqual(stream.states(), ['waiting', 'waiting', 'waiting']);
    assert.equal(new Set(stream.revisions()).size, 3);
    const last = stream.revisions().at(-1);
    assert.ok((await pageOf()).includes(` data-revision="${last}"`));
    // Nothing about the account for those who have only a token.
    assert.deepEqual(withToken.revisions(), [undefined, undefined]);
    assert.deepEqual([withNewToken.states(), withNewToken.revisions()], [['waiting'], [undefined]]);
    for (const each of [stream, withNewToken]) each.close();
  });

  test('shows a user that an administrator issued another code, and then follows that one', async () => {
    const of = await t.makeAccount({ activated: true, password: 'a user' });
    await t.makeToken(of, 60 * minuteMs);
    const user = panelBrowser(t);
    await user.signIn(of.username, 'a user');
    assert.match((await user.get('/account')).html, / hx-sse:connect="\/account\/live"/);
    const own = [...user.cookies].map((pair) => pair.join('=')).join('; ');
    const stream = await readEventStream(`${url}/account/live`, { cookie: own });
    await untilState(stream, 'waiting');
    token = await t.makeToken(of, 60 * minuteMs);
    assert.ok(await waitUntil(async () => stream.states().length === 2));
    assert.equal(new Set(stream.revisions()).size, 2);
    await fetchCode(browser);
    await untilState(stream, 'opened');
    stream.close();
  });

  test('shows what another node answers', async () => {
    token = await t.makeToken(account);
    const stream = await ofAccount();
    await untilState(stream, 'waiting');
    const other = await buildServer(t.app);
    await other.inject({ url: `/provisioning/${token}`, headers: phone });
    await untilDelivered(stream);
    await other.close();
  });

  test('shows that the answer is lost if another node ends while it answers', async () => {
    const of = await t.makeAccount();
    const answering = await t.makeToken(of);
    await t.app.database
      .updateTable('tokens')
      .set({ claimed_at: t.app.now(), outcome: 'answering', boot_id: 'another node' })
      .where('account_id', '=', of.id)
      .execute();
    let isAlive = true;
    const asked = mock.method(t.app, 'isProcessAlive', async () => isAlive);
    const stream = await ofToken(answering);
    await untilState(stream, 'fetched');
    const before = asked.mock.callCount();
    t.advance(5_000);
    assert.ok(await waitUntil(async () => asked.mock.callCount() > before));
    assert.deepEqual(stream.states(), ['fetched']);
    isAlive = false;
    t.advance(5_000);
    await untilState(stream, 'lost');
    asked.mock.restore();
    t.advance(5 * minuteMs);
    await untilEnded(stream);
    assert.deepEqual(stream.states(), ['fetched', 'lost']);
  });

  test('ends with the session, and does not keep the session alive', async () => {
    token = await t.makeToken(account);
    const admin = panelBrowser(t);
    const who = await t.makeAccount({ admin: true, activated: true, password: 'administrator' });
    await admin.signIn(who.username, 'administrator');
    const own = [...admin.cookies].map((pair) => pair.join('=')).join('; ');
    t.advance(11 * 60 * minuteMs);
    const stream = await ofAccount(own);
    await untilState(stream, 'waiting');
    t.advance(2 * 60 * minuteMs);
    await untilEnded(stream);
    assert.match(stream.text(), /event: end\ndata:\n\n$/);
    assert.equal((await ofAccount(own)).status, 303);
    cookie = await signedInCookie();
  });

  test('goes on in every tab while the password is given again, and ends when the session is ended', async () => {
    const who = await t.makeAccount({ admin: true, activated: true, password: 'administrator' });
    token = await t.makeToken(account);
    const admin = panelBrowser(t);
    await admin.signIn(who.username, 'administrator');
    const stream = await ofAccount([...admin.cookies].map((pair) => pair.join('=')).join('; '));
    await untilState(stream, 'waiting');
    const comments = () => stream.text().match(/^:$/gm)?.length ?? 0;
    /** A comment is sent only after a check that the stream may go on. */
    const untilChecked = async (): Promise<void> => {
      const before = comments();
      t.advance(15_000);
      assert.ok(await waitUntil(() => comments() > before || stream.hasEnded()));
      assert.equal(stream.hasEnded(), false, stream.text());
    };
    t.advance(10 * minuteMs);
    await untilChecked();
    const confirmed = { action: 'create', name: 'exporter', current_password: 'administrator' };
    const { status, html } = await admin.post('/admin/spaces/sip.example.test/api-keys', confirmed);
    assert.equal(status, 303, html);
    await untilChecked();
    await fetchCode(browser);
    await untilState(stream, 'opened');
    assert.equal((await admin.post('/account/sessions', { action: 'everywhere' })).status, 303);
    await untilEnded(stream);
    token = await t.makeToken(account);
  });

  test('ends when its administrator is blocked', async () => {
    const who = await t.makeAccount({ admin: true, activated: true, password: 'administrator' });
    const admin = panelBrowser(t);
    await admin.signIn(who.username, 'administrator');
    const stream = await ofAccount([...admin.cookies].map((pair) => pair.join('=')).join('; '));
    await untilState(stream, 'waiting');
    await blockAccount(t.app, operator, who, { revokeDevices: false });
    await untilEnded(stream);
  });

  test('sends a comment every 15 seconds, and ends after half an hour', async () => {
    const stream = await ofToken();
    await untilState(stream, 'waiting');
    t.advance(15_000);
    assert.ok(await waitUntil(async () => stream.text().includes('\n:\n\n')));
    t.advance(30 * minuteMs);
    await untilEnded(stream);
  });

  test('is open at most four times for a session and eight times for a token: one more ends the oldest', async () => {
    const ofSession = [];
    for (let count = 0; count < 5; count += 1) ofSession.push(await ofAccount());
    const withToken = [];
    for (let count = 0; count < 9; count += 1) withToken.push(await ofToken());
    for (const [first, ...others] of [ofSession, withToken]) {
      assert.ok(first);
      await untilEnded(first);
      for (const stream of others) {
        await untilState(stream, 'waiting');
        assert.equal(stream.hasEnded(), false);
        stream.close();
      }
    }
    assert.ok(await waitUntil(async () => t.server.openStreams.size === 0));
  });

  test('leaves nothing in memory of two hundred streams whose readers have gone', async () => {
    for (let round = 0; round < 4; round += 1) {
      const streams = await Promise.all(Array.from({ length: 50 }, () => ofToken()));
      for (const stream of streams) stream.close();
    }
    assert.ok(await waitUntil(async () => t.server.openStreams.size === 0 && t.server.openStreams.holders === 0));
  });

  test('answers HEAD without a stream, and is closed to all other people', async () => {
    const head = await fetch(`${url}/provisioning/${token}/live`, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(t.server.openStreams.size, 0);
    assert.equal((await ofAccount('')).status, 303);
  });

  test('ends at once when the server stops', async () => {
    const stream = await ofToken();
    await untilState(stream, 'waiting');
    await t.server.close();
    await untilEnded(stream);
    assert.doesNotMatch(stream.text(), /event: end/);
  });
});
