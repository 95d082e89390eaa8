import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';
import { openPanel, type PanelBrowser } from '../support/panel.ts';

forEachDatabase('the pages of administrators', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
    await t.api('POST', '/api/spaces', { domain: 'other.example.test' });
  });
  after(() => t.close());

  const made = async (fields: Record<string, string>): Promise<number> => {
    const { status, location, html } = await browser.post('/admin/accounts/new', fields);
    assert.equal(status, 303, html);
    return Number(/^\/admin\/accounts\/(\d+)\/provisioning$/.exec(location ?? '')?.[1]);
  };
  const addressOn = (html: string) => /<input id="address"[^>]* value="([^"]+)"/.exec(html)?.[1];

  test('create an account with a generated password, and show its code until a phone uses it', async () => {
    const id = await made({ username: 'zoe', display_name: 'Zoë Grünewald', email: 'zoe@example.org', password: '' });
    const { html } = await browser.get(`/admin/accounts/${id}/provisioning`);
    const address = addressOn(html) ?? assert.fail(html);
    assert.equal(addressOn((await browser.get(`/admin/accounts/${id}/provisioning`)).html), address);
    const document = await t.server.inject({ url: new URL(address).pathname });
    assert.match(document.body, /Zoë Grünewald/);
    assert.equal(addressOn((await browser.get(`/admin/accounts/${id}/provisioning`)).html), undefined);
  });

  test('issue a code, which ends the one before, and end it', async () => {
    const id = await made({ username: 'ida' });
    const path = `/admin/accounts/${id}/provisioning`;
    const first = addressOn((await browser.get(path)).html);
    const before = await latestEvent(t.app);
    const { location } = await browser.post(path, { action: 'issue', lifetime: '1h', reset_password: 'true' });
    const { html } = await browser.get(location ?? '');
    assert.match(html, /role="status"/);
    assert.notEqual(addressOn(html), first);
    assert.match(addressOn(html) ?? '', /\?reset_password$/);
    assert.deepEqual(await changesAfter(t.app, before), [{ kind: 'token-issued', actor: 'account' }]);
    const ended = await latestEvent(t.app);
    await browser.post(path, { action: 'revoke' });
    assert.equal(addressOn((await browser.get(path)).html), undefined);
    assert.deepEqual(await changesAfter(t.app, ended), [{ kind: 'token-revoked', actor: 'account' }]);
  });

  test('change an account and its state, with an event of who did it', async () => {
    const id = await made({ username: 'max' });
    const path = `/admin/accounts/${id}`;
    for (const [fields, kind] of [
      [{ action: 'save', display_name: 'Max', email: '', phone: '' }, 'account-changed'],
      [{ action: 'activate' }, 'activated'],
      [{ action: 'deactivate' }, 'deactivated'],
    ] as const) {
      const before = await latestEvent(t.app);
      assert.equal((await browser.post(path, fields)).status, 303);
      assert.deepEqual(await changesAfter(t.app, before), [{ kind, actor: 'account' }]);
    }
  });

  test('keep what was typed and say at each field what is wrong, and store nothing', async () => {
    const before = await dumpDatabase(t.app.database);
    const typed = {
      username: 'Not Allowed',
      email: 'nonsense',
      display_name: '"><script>alert(1)</script>',
      password: 'x',
    };
    const { status, html } = await browser.post('/admin/accounts/new', typed);
    assert.equal(status, 422);
    assert.match(html, /<input id="username"[^>]* value="Not Allowed"/);
    assert.match(html, /<input id="email"[^>]* aria-invalid="true"/);
    const again = await browser.post('/admin/accounts/new', { ...typed, email: '' });
    assert.match(again.html, /<input id="username"[^>]* aria-invalid="true"/);
    assert.doesNotMatch(html, /<script>alert/);
    assert.doesNotMatch(html, /value="x"/);
    assert.deepEqual(await dumpDatabase(t.app.database), before);
  });

  test('do not deactivate the last administrator', async () => {
    const [admin] = (await t.api('GET', '/api/accounts?search=admin')).json.data;
    const { status, html } = await browser.post(`/admin/accounts/${admin.id}`, { action: 'deactivate' });
    assert.equal(status, 409);
    assert.match(html, /last administrator/);
  });

  test('list the accounts of the space, 50 at a time, and find them', async () => {
    for (let count = 0; count < 55; count += 1) await t.makeAccount({ display_name: `Person ${count} <b>` });
    const first = await browser.get('/admin/accounts?search=person');
    assert.equal(first.html.match(/<tr data-id=/g)?.length, 50);
    const next =
      /<a rel="next" href="([^"]+)"/.exec(first.html)?.[1]?.replaceAll('&#38;', '&').replaceAll('&#61;', '=') ??
      assert.fail();
    const second = await browser.get(next);
    assert.equal(second.html.match(/<tr data-id=/g)?.length, 5);
    assert.doesNotMatch(second.html, /rel="next"/);
    assert.doesNotMatch(second.html, /\d <b>/);
  });
});
