import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { Outbox } from '../../src/mail/outbox.ts';
import { MailConnections, type SendMail } from '../../src/mail/send-mail.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { type MailServer, startMailServer, trustMailServer } from '../support/mail-server.ts';
import { waitUntil } from '../support/wait-until.ts';

const minute = 60_000;
trustMailServer();

forEachDatabase('the outbox', (makeUrl) => {
  let t: TestApp;
  let smtp: MailServer;
  before(async () => {
    smtp = await startMailServer();
    const mail = { RINGUP_SMTP_URL: smtp.url, RINGUP_MAIL_FROM: 'Phones <phones@example.test>' };
    t = await openTestApp(await makeUrl(), mail);
  });
  after(async () => {
    await t.close();
    await smtp.close();
  });
  afterEach(() => smtp.behave('take'));

  const makeInvited = async (email = 'alice@example.test'): Promise<Account> => {
    const account = await t.makeAccount({ email: `${randomUUID().slice(0, 8)}.${email}`, display_name: 'Alice' });
    const { status, text } = await t.api('POST', `/api/accounts/${account.id}/send_provisioning_email`);
    assert.equal(status, 200, text);
    return account;
  };
  const rowOf = ({ id }: Account) =>
    t.app.database.selectFrom('mails').selectAll().where('account_id', '=', id).executeTakeFirstOrThrow();
  const stateOf = async (account: Account): Promise<string> => (await rowOf(account)).state;
  /** Runs until the mail of the account was tried so often. */
  const tried = async (account: Account, attempts: number): Promise<void> => {
    const isTried = await waitUntil(async () => {
      await t.app.outbox.run();
      const row = await rowOf(account);
      return row.attempts >= attempts && row.claimed_by === null;
    });
    assert.ok(isTried);
  };
  const mailsTo = (account: Account) => smtp.mails.filter(({ to }) => to.includes(account.email ?? ''));
  const kindsOf = async ({ id }: Account): Promise<string[]> =>
    (await t.api('GET', `/api/accounts/${id}/events`)).json.data.map((event: { kind: string }) => event.kind);

  test('sends a mail over TLS with its user, and keeps the answer of the server', async () => {
    const account = await makeInvited();
    await tried(account, 1);
    const [received] = mailsTo(account);
    assert.equal(received?.from, 'phones@example.test');
    const { state, answer, message_id, ended_at } = await rowOf(account);
    assert.deepEqual([state, message_id, ended_at], ['sent', received?.mail.messageId, t.app.now()]);
    assert.match(answer ?? '', /^250 /);
    assert.deepEqual((await kindsOf(account)).slice(-3), ['token-issued', 'mail-queued', 'mail-sent']);
  });

  test('tries a temporarily refused mail again after half a minute, with the same Message-ID', async () => {
    smtp.behave({ refuse: 451, at: 'data' });
    const account = await makeInvited();
    await tried(account, 1);
    const { state, next_at, message_id, answer } = await rowOf(account);
    assert.deepEqual([state, next_at - t.app.now()], ['waiting', minute / 2]);
    assert.match(answer ?? '', /^451 Not this one/);
    smtp.behave('take');
    await t.app.outbox.run();
    assert.equal(mailsTo(account).length, 0, 'not before it is due');
    t.advance(minute / 2);
    await tried(account, 2);
    assert.deepEqual([await stateOf(account), mailsTo(account)[0]?.mail.messageId], ['sent', message_id]);
  });

  test('gives up after a day', async () => {
    smtp.behave({ refuse: 421, at: 'recipient' });
    const account = await makeInvited();
    const { queued_at: queuedAt } = await rowOf(account);
    let attempts = 0;
    for (;;) {
      attempts += 1;
      await tried(account, attempts);
      const { state, next_at } = await rowOf(account);
      if (state !== 'waiting') break;
      assert.ok(next_at > t.app.now() && next_at <= queuedAt + 24 * 60 * minute);
      t.advance(next_at - t.app.now());
    }
    assert.equal(await stateOf(account), 'failed');
    assert.equal(t.app.now() - queuedAt, 24 * 60 * minute);
    assert.ok(attempts > 24 && attempts < 40, String(attempts));
    assert.equal((await kindsOf(account)).at(-1), 'mail-failed');
  });

  for (const at of ['recipient', 'data', 'connect'] as const) {
    test(`does not try again after a 5xx to the ${at}, and keeps its words`, async () => {
      smtp.behave({ refuse: 550, at });
      smtp.cut();
      const account = await makeInvited();
      await tried(account, 1);
      const { state, answer, attempts } = await rowOf(account);
      assert.deepEqual([state, attempts], ['failed', 1]);
      assert.match(answer ?? '', /^550 Not this one/);
      const { data } = (await t.api('GET', `/api/accounts/${account.id}/events?kind=mail-failed`)).json;
      assert.match(data[0].sentence, /was not sent: the mail server said "550 Not this one/);
    });
  }

  test('tries again if the connection is dropped within a mail', async () => {
    smtp.behave('drop');
    const account = await makeInvited();
    await tried(account, 1);
    assert.equal(await stateOf(account), 'waiting');
    smtp.behave('take');
    t.advance(minute);
    await tried(account, 2);
    assert.deepEqual([await stateOf(account), mailsTo(account).length], ['sent', 1]);
  });

  test('two nodes send each mail once', async () => {
    const u = await openTestApp(await makeUrl(), { RINGUP_SMTP_URL: smtp.url, RINGUP_MAIL_FROM: 'two@example.test' });
    await u.app.outbox.close(AbortSignal.timeout(1));
    const emails = Array.from({ length: 12 }, (_, index) => `two.nodes.${index}@example.test`);
    for (const email of emails) {
      const { id } = await u.makeAccount({ email });
      await u.api('POST', `/api/accounts/${id}/send_provisioning_email`);
    }
    const nodes = ['one', 'other'].map(
      (bootId) => new Outbox({ ...u.app, bootId, isProcessAlive: async () => true }, new MailConnections()),
    );
    await Promise.all(nodes.map((node) => node.run()));
    for (const node of nodes) await node.close(AbortSignal.timeout(1_000));
    const rows = await u.app.database.selectFrom('mails').select(['state', 'attempts']).execute();
    await u.close();
    assert.deepEqual(rows, Array(12).fill({ state: 'sent', attempts: 1 }));
    for (const email of emails) assert.equal(smtp.mails.filter(({ to }) => to.includes(email)).length, 1);
  });

  test('a mail server that does not answer keeps only its own mails waiting', async () => {
    const u = await openTestApp(await makeUrl(), { RINGUP_SMTP_URL: smtp.url, RINGUP_MAIL_FROM: 'two@example.test' });
    await u.app.outbox.close(AbortSignal.timeout(1));
    const domain = `${randomUUID().slice(0, 8)}.example.test`;
    const sent: string[] = [];
    let release = () => {};
    const silence = new Promise<void>((resolve) => {
      release = resolve;
    });
    const send: SendMail = async ({ host }, { to }) => {
      if (host === 'silent.test') await silence;
      sent.push(to.address);
      return { taken: true, final: true, answer: '250 OK' };
    };
    const mail = { smtp_url: 'smtp://silent.test', mail_from: 'a@silent.test' };
    assert.equal((await u.api('POST', '/api/spaces', { domain, ...mail })).status, 201);
    const invite = async (fields: object) => {
      const { id, email } = await u.makeAccount({ email: `${randomUUID()}@example.test`, ...fields });
      assert.equal((await u.api('POST', `/api/accounts/${id}/send_provisioning_email`)).status, 200);
      return email ?? '';
    };
    const silent = [];
    for (let count = 0; count < 5; count += 1) silent.push(await invite({ domain }));
    const outbox = new Outbox(u.app, { send, close: async () => {} });
    const run = outbox.run();
    const other = await invite({});
    assert.ok(await waitUntil(() => sent.includes(other)), 'it is sent while the others wait');
    assert.deepEqual(sent, [other]);
    release();
    await run;
    await u.close();
    assert.deepEqual(sent.toSorted(), [other, ...silent].toSorted());
  });

  test('keeps few connections open for many mails', async (context) => {
    const own = await startMailServer();
    const mail = { RINGUP_SMTP_URL: own.url, RINGUP_MAIL_FROM: 'few@example.test' };
    const u = await openTestApp(await makeUrl(), mail, { runsJobs: false });
    context.after(async () => {
      await u.close();
      await own.close();
    });
    for (let count = 0; count < 20; count += 1) {
      const { id } = await u.makeAccount({ email: `few.${count}@example.test` });
      await u.api('POST', `/api/accounts/${id}/send_provisioning_email`);
    }
    // In one go, because a connection is closed when it has not been used for a while.
    await u.app.outbox.run();
    assert.equal(own.mails.length, 20);
    assert.ok(own.connections <= 3, String(own.connections));
  });

  test('a newer invitation takes the place of one that waits', async () => {
    smtp.behave({ refuse: 451, at: 'data' });
    const account = await makeInvited();
    await tried(account, 1);
    smtp.behave('take');
    await t.api('POST', `/api/accounts/${account.id}/send_provisioning_email`);
    await tried(account, 1);
    assert.equal(mailsTo(account).length, 1);
  });

  test('the mails of a deleted account are deleted too', async () => {
    smtp.behave({ refuse: 451, at: 'data' });
    const account = await makeInvited();
    await tried(account, 1);
    await t.api('DELETE', `/api/accounts/${account.id}`);
    smtp.behave('take');
    t.advance(minute);
    await t.app.outbox.run();
    assert.equal(mailsTo(account).length, 0);
    const rows = await t.app.database.selectFrom('mails').where('account_id', '=', account.id).select('id').execute();
    assert.deepEqual(rows, []);
  });

  test('a blocked account gets no mail', async () => {
    smtp.behave({ refuse: 451, at: 'data' });
    const account = await makeInvited();
    await tried(account, 1);
    await t.api('POST', `/api/accounts/${account.id}/block`);
    smtp.behave('take');
    t.advance(minute);
    await tried(account, 2);
    const { state, reason } = await rowOf(account);
    assert.deepEqual([state, reason, mailsTo(account).length], ['failed', 'account-blocked', 0]);
  });

  test('a mail whose code has been used meanwhile is not sent', async () => {
    smtp.behave({ refuse: 451, at: 'data' });
    const account = await makeInvited();
    await tried(account, 1);
    await t.app.database.updateTable('tokens').set({ claimed_at: 1 }).where('account_id', '=', account.id).execute();
    smtp.behave('take');
    t.advance(minute);
    await tried(account, 2);
    assert.deepEqual([(await rowOf(account)).reason, mailsTo(account).length], ['code-used', 0]);
  });
});
