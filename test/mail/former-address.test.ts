import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { Outbox } from '../../src/mail/outbox.ts';
import type { SendMail, ServerReply } from '../../src/mail/send-mail.ts';
import type { TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { openPanel, type PanelBrowser, panelBrowser } from '../support/panel.ts';

const taken: ServerReply = { taken: true, final: true, answer: '250 OK' };
const refused: ServerReply = { taken: false, final: true, answer: '550 nobody' };
const busy: ServerReply = { taken: false, final: false, answer: '451 later' };

forEachDatabase('a mail to an address that its account no longer has', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    const mail = { RINGUP_SMTP_URL: 'smtp://127.0.0.1:9', RINGUP_MAIL_FROM: 'phones@example.test' };
    ({ t, browser } = await openPanel(await makeUrl(), mail));
    // Each test sends by an outbox of its own.
    await t.app.outbox.close(AbortSignal.timeout(1));
  });
  after(() => t.close());

  const address = (name: string) => `${name}.${randomUUID().slice(0, 8)}@example.test`;
  const make = () => t.makeAccount({ email: address('former'), activated: true });
  const invite = async ({ id }: Account): Promise<void> => {
    assert.equal((await t.api('POST', `/api/accounts/${id}/send_provisioning_email`)).status, 200);
  };
  const invited = async (): Promise<Account> => {
    const account = await make();
    await invite(account);
    return account;
  };
  const forget = async ({ username }: Account): Promise<void> => {
    await panelBrowser(t).post('/login/forgotten', { username });
    await t.app.passwordResets.flush();
  };
  /** Runs an outbox whose mail server answers this way. Returns to whom it was given mails, and their texts. */
  const send = async (answer: ServerReply | (() => Promise<ServerReply>) = taken) => {
    const mails: { readonly to: string; readonly text: string }[] = [];
    const mailServer: SendMail = async (_server, { to, text }) => {
      mails.push({ to: to.address, text });
      return typeof answer === 'function' ? answer() : answer;
    };
    await new Outbox(t.app, { send: mailServer, close: async () => {} }).run();
    return mails;
  };
  const sentTo = async () => (await send()).map(({ to }) => to);
  const put = async ({ id }: Account, email: string | null): Promise<void> => {
    assert.equal((await t.api('PUT', `/api/accounts/${id}`, { email })).status, 200);
  };
  const stateOf = ({ id }: Account) =>
    t.app.database
      .selectFrom('account_states')
      .select(['state', 'invited_at'])
      .where('account_id', '=', id)
      .executeTakeFirstOrThrow();
  const mailsOf = ({ id }: Account) =>
    t.app.database.selectFrom('mails').select('state').where('account_id', '=', id).execute();
  const kindsOf = async ({ id }: Account): Promise<string[]> =>
    (await t.api('GET', `/api/accounts/${id}/events`)).json.data.map(({ kind }: { kind: string }) => kind);

  const doors: Readonly<Record<string, (account: Account, email: string) => Promise<unknown>>> = {
    'the API': put,
    'the panel': ({ id, username }, email) =>
      browser.post(`/admin/accounts/${id}`, { action: 'save', username, email }),
    'an import': ({ username }, email) =>
      t.server.inject({
        method: 'POST',
        url: '/api/accounts/import?on_duplicate=update',
        headers: { 'x-api-key': t.adminKey, 'content-type': 'text/csv' },
        payload: `username,email\n${username},${email}\n`,
      }),
  };
  for (const [door, change] of Object.entries(doors)) {
    test(`is not sent if it waited when ${door} changed the address`, async () => {
      const account = await invited();
      await forget(account);
      assert.deepEqual(await mailsOf(account), [{ state: 'waiting' }, { state: 'waiting' }]);
      const now = address('now');
      await change(account, now);
      assert.equal((await t.api('GET', `/api/accounts/${account.id}`)).json.email, now);
      assert.deepEqual(await sentTo(), []);
      await invite(account);
      assert.deepEqual(await sentTo(), [now]);
    });
  }

  test('is not sent if the account has no address any more', async () => {
    const account = await invited();
    await put(account, null);
    assert.deepEqual(await sentTo(), []);
  });

  test('is not sent if a process that has ended had claimed it', async () => {
    const account = await invited();
    const { database } = t.app;
    await database.updateTable('mails').set({ claimed_by: 'gone' }).where('account_id', '=', account.id).execute();
    await put(account, address('now'));
    assert.deepEqual(await sentTo(), []);
    assert.equal((await stateOf(account)).state, 'waiting');
    assert.equal((await kindsOf(account)).at(-1), 'mail-failed');
  });

  const outcomes = { 'took it': taken, 'refused it': refused, 'was busy': busy };
  for (const [words, reply] of Object.entries(outcomes)) {
    test(`does not count for the new address if the mail server ${words} while the address changed`, async () => {
      const account = await invited();
      const mails = await send(async () => {
        await put(account, address('now'));
        return reply;
      });
      assert.deepEqual(
        mails.map(({ to }) => to),
        [account.email],
      );
      assert.deepEqual(await stateOf(account), { state: 'waiting', invited_at: null });
      assert.deepEqual((await mailsOf(account)).length, reply === busy ? 0 : 1);
      const last = { 'took it': 'mail-sent', 'refused it': 'mail-failed', 'was busy': 'account-changed' }[words];
      assert.equal((await kindsOf(account)).at(-1), last);
    });
  }

  test('is still sent if only letters changed their case', async () => {
    const account = await invited();
    await put(account, (account.email ?? '').toUpperCase());
    assert.deepEqual(await sentTo(), [account.email]);
    assert.notEqual((await stateOf(account)).invited_at, null);
  });

  test('cannot set a new password by its link', async () => {
    const account = await make();
    await forget(account);
    const [mail] = await send();
    const path = new URL(/https:\/\/\S+/.exec(mail?.text ?? '')?.[0] ?? '').pathname;
    assert.equal((await panelBrowser(t).get(path)).status, 200);
    await put(account, address('now'));
    assert.equal((await panelBrowser(t).get(path)).status, 404);
    assert.equal((await panelBrowser(t).post(path, { password: 'long enough' })).status, 404);
  });
});
