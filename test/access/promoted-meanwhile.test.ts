import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { NewAccount } from '../../src/accounts/account-fields.ts';
import { getAccount, updateAccountRow } from '../../src/accounts/account-store.ts';
import { inTransaction } from '../../src/storage/database.ts';
import type { TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { openPanel, type PanelBrowser, sameOrigin } from '../support/panel.ts';
import { watchLocks } from '../support/watch-locks.ts';

/** What a session asks for, by JSON or by the form of a page. */
interface Asked {
  readonly method?: 'PUT';
  readonly path: (id: number) => string;
  readonly body: Readonly<Record<string, string>>;
  /** How the account is before, beside activated. */
  readonly is?: Partial<NewAccount> & { readonly blocked?: boolean };
}

const page = (id: number) => `/admin/accounts/${id}`;
const resource = (id: number) => `/api/accounts/${id}`;

const byApi: Readonly<Record<string, Asked>> = {
  'a new password': { method: 'PUT', path: resource, body: { password: 'quite another' } },
  'another mail address': { method: 'PUT', path: resource, body: { email: 'other@x.example' } },
  'its activation': { path: (id) => `${resource(id)}/activate`, body: {}, is: { activated: false } },
  'its unblocking': { path: (id) => `${resource(id)}/unblock`, body: {}, is: { blocked: true } },
};

const byPage: Readonly<Record<string, Asked>> = {
  'a new password': { path: page, body: { action: 'save', password: 'quite another' } },
  'another mail address': { path: page, body: { action: 'save', email: 'other@x.example' } },
  'its activation': { path: page, body: { action: 'activate' }, is: { activated: false } },
  'its unblocking': { path: page, body: { action: 'unblock' }, is: { blocked: true } },
  'its unblocking in the list': { path: () => '/admin/accounts', body: { unblock: 'ID' }, is: { blocked: true } },
};

forEachDatabase('an account whose rights change while a session changes it', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
    t.advance(11 * 60_000);
  });
  after(() => t.close());

  const stateOf = async (id: number) => {
    const { email, ha1s, activatedAt, blockedAt } = await getAccount(t.app.database, id);
    return { email, ha1s, activatedAt, blockedAt };
  };

  /** Returns the answer to a request that has read the account before it becomes an administrator. */
  const askMeanwhile = async (id: number, { path, body, ...asked }: Asked) => {
    const method = asked.method ?? 'POST';
    const url = path(id);
    const isForm = url.startsWith('/admin');
    const cookie = [...browser.cookies].map(([key, value]) => `${key}=${value}`).join('; ');
    const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
    const json = JSON.stringify(body).replace('ID', String(id));
    const payload = isForm ? new URLSearchParams(JSON.parse(json)).toString() : json;
    const headers = { cookie, ...sameOrigin, 'content-type': type, accept: isForm ? 'text/html' : 'application/json' };
    const { answer } = await inTransaction(t.app.database, async (tx) => {
      await updateAccountRow(tx, id, { admin: 1 });
      const untilSomebodyWaits = watchLocks(t.app.database);
      const asking = t.server.inject({ method, url, headers, payload });
      await untilSomebodyWaits();
      return { answer: asking };
    });
    return answer;
  };

  for (const [face, all] of Object.entries({ API: byApi, panel: byPage })) {
    for (const [what, asked] of Object.entries(all)) {
      test(`takes ${what} by the ${face} only with the password again`, async () => {
        const { blocked = false, ...fields } = asked.is ?? {};
        const email = `old-${face}-${what.replaceAll(' ', '-')}@x.example`;
        const { id } = await t.makeAccount({ email, activated: true, ...fields });
        if (blocked) await t.api('POST', `/api/accounts/${id}/block`);
        const before = await stateOf(id);
        const { statusCode, body } = await askMeanwhile(id, asked);
        assert.deepEqual(await stateOf(id), before);
        assert.equal(statusCode, face === 'API' ? 403 : 422, body);
        assert.match(body, face === 'API' ? /password/ : /<input id="current_password"[^>]* aria-invalid="true"/);
      });
    }
  }

  test('gets rights that it has lost meanwhile by a form only with the password again', async () => {
    const { id, username } = await t.makeAccount({ activated: true, admin: true });
    const url = '/admin/spaces/sip.example.test/administrators';
    const { answer } = await inTransaction(t.app.database, async (tx) => {
      await updateAccountRow(tx, id, { admin: 0 });
      const untilSomebodyWaits = watchLocks(t.app.database);
      const asking = browser.post(url, { action: 'add', username });
      await untilSomebodyWaits();
      return { answer: asking };
    });
    const { status, html } = await answer;
    assert.equal((await getAccount(t.app.database, id)).admin, false);
    assert.equal(status, 422);
    assert.match(html, /<input id="current_password"[^>]* aria-invalid="true"/);
  });
});
