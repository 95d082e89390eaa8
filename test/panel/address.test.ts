import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setPublicUrl, undoPublicUrl } from '../../src/administration/set-public-url.ts';
import { operator } from '../../src/events/actor.ts';
import type { BootIdAnswer } from '../../src/network/ask-boot-id.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { formFields, textOf } from '../support/html.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';
import { type PanelBrowser, panelBrowser } from '../support/panel.ts';

const minute = 60_000;
const own = 'http://127.0.0.1:8080';
const https = 'https://phones.example.test/ringup';

forEachDatabase('the address for phones without a setting', (makeUrl) => {
  let t: TestApp;
  let other: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    const url = await makeUrl();
    // An empty setting counts as none.
    t = await openTestApp(url, { RINGUP_PUBLIC_URL: '' }, { runsJobs: false });
    other = await openTestApp(url, { RINGUP_PUBLIC_URL: '' }, { runsJobs: false });
  });
  beforeEach(async () => {
    await t.app.database
      .updateTable('instance')
      .set({ public_url: null, previous_url: null, changed_at: null })
      .execute();
    await t.app.address.refresh();
    t.advance(minute);
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
    t.advance(1_000);
  });
  after(async () => {
    await other.close();
    await t.close();
  });

  const fromHere = { origin: own, host: '127.0.0.1:8080' };
  const submit = (fields: Record<string, string>) =>
    browser.post('/admin/welcome', { step: 'address', ...fields }, fromHere);
  const answering = (answer: BootIdAnswer) => async () => answer;
  const ours = () => answering({ bootId: t.app.bootId });

  test('is where the server listens until one is set, and all nodes follow', async () => {
    assert.equal(t.app.publicUrl, own);
    const first = await latestEvent(t.app);
    const { status, location } = await submit({ action: 'continue', public_url: 'http://10.0.0.5:8080/' });
    assert.deepEqual([status, location], [303, '/admin/welcome?step=phone']);
    assert.equal(t.app.publicUrl, 'http://10.0.0.5:8080');
    await other.app.address.refresh();
    assert.equal(other.app.publicUrl, 'http://10.0.0.5:8080');
    const kinds = (await changesAfter(t.app, first)).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['address-changed', 'token-issued']);
    const { html } = await browser.get('/admin/welcome?step=phone');
    assert.match(textOf(html), /Phones use http:\/\/10\.0\.0\.5:8080 now\./);
    const account = await t.makeAccount();
    const { json } = await t.api('POST', `/api/accounts/${account.id}/provision`);
    assert.match(json.provisioning_url, /^http:\/\/10\.0\.0\.5:8080\/provisioning\//);
    const base = await t.server.inject({ url: '/provisioning', headers: { 'x-linphone-provisioning': '1' } });
    assert.match(base.body, /http:\/\/10\.0\.0\.5:8080\/contacts\/vcard/);
  });

  test('is not taken back by an older page on which it was not edited', async () => {
    const older = Object.fromEntries(formFields((await browser.get('/admin/welcome')).html, 'public_url'));
    await submit({ action: 'continue', public_url: 'http://10.0.0.5:8080' });
    const { status, location } = await submit({ ...older, action: 'continue' });
    assert.deepEqual([status, location], [303, '/admin/welcome?step=phone']);
    assert.equal(t.app.publicUrl, 'http://10.0.0.5:8080');
    await submit({ ...older, action: 'continue', public_url: 'http://10.0.0.6:8080' });
    assert.equal(t.app.publicUrl, 'http://10.0.0.6:8080', 'it was edited');
  });

  test('is kept if a new one is refused, and the page says what is wrong', async () => {
    for (const [wrong, words] of [
      ['ringup.example.com', /Write an address that begins with http:/],
      ['https://ringup.example.com/api', /Leave out \/api/],
      ['https://user:secret@ringup.example.com', /Write an address that begins with http:/],
    ] as const) {
      const { status, html } = await submit({ action: 'continue', public_url: wrong });
      assert.equal(status, 422);
      assert.match(textOf(html), words);
      assert.match(html, /<input id="public_url"[^>]* aria-invalid="true"/);
    }
    assert.equal(t.app.publicUrl, own);
  });

  test('cannot be changed to an https address that leads elsewhere or nowhere', async () => {
    for (const answer of [
      { complaint: { code: 'no-web-server' } },
      { complaint: { code: 'certificate-not-valid' } },
      { complaint: { code: 'another-server' } },
      { bootId: '00000000-0000-0000-0000-000000000000' },
    ] as const) {
      await assert.rejects(setPublicUrl(t.app, operator, https, answering(answer)), { code: 'fields-invalid' });
    }
    assert.equal(t.app.publicUrl, own);
  });

  test('may be that of another node, which a proxy chose', async () => {
    await other.app.heartbeat.beat();
    await setPublicUrl(t.app, operator, https, answering({ bootId: other.app.bootId }));
    assert.equal(t.app.publicUrl, https);
  });

  test('can change while earlier sessions go on, changes included, and new sessions get another cookie', async () => {
    await setPublicUrl(t.app, operator, https, ours());
    assert.equal((await browser.get('/admin/accounts')).status, 200);
    assert.equal((await submit({ action: 'later' })).status, 303);
    assert.equal((await browser.post('/admin/welcome', {}, { origin: 'http://evil.test' })).status, 403);
    const late = panelBrowser(t);
    t.advance(1_000);
    await late.signIn('admin', 'administrator');
    const [[name, secret] = []] = [...late.cookies];
    assert.equal(name, '__Secure-ringup_session');
    assert.equal((await late.get('/ringup/admin/accounts')).status, 200, 'the proxy forwards the prefix');
    late.cookies.clear();
    late.cookies.set('ringup_session', secret ?? '');
    assert.equal((await late.get('/admin/accounts')).status, 303, 'a session that began later needs the new cookie');
  });

  test('can change to https while a session at the earlier http address makes an API key and sees it', async () => {
    await setPublicUrl(t.app, operator, https, ours());
    const path = '/admin/spaces/sip.example.test/api-keys';
    const passedOn = async (by: PanelBrowser) =>
      [(await by.post(path, { action: 'create', name: 'exporter' }, fromHere)).headers['set-cookie']].flat().join('\n');
    const kept = await passedOn(browser);
    assert.match(kept, /^ringup_once=\S+; Max-Age=60; Path=\/ringup\/admin\//);
    assert.doesNotMatch(kept, /Secure/, 'browsers keep no such cookie without TLS');
    const shown = await browser.get(`/ringup${path}`);
    assert.match(shown.html, /id="secret"/);
    assert.doesNotMatch(String(shown.headers['set-cookie']), /Secure/);
    const late = panelBrowser(t);
    t.advance(1_000);
    await late.signIn('admin', 'administrator');
    assert.match(await passedOn(late), /^ringup_once=.*; Secure;/);
  });

  test('can be taken back for ten minutes, by the browser that set it', async () => {
    await setPublicUrl(t.app, operator, https, ours());
    t.advance(10 * minute - 1);
    assert.equal((await submit({ action: 'undo', public_url: https })).status, 303);
    assert.equal(t.app.publicUrl, own);
    assert.equal((await browser.get('/admin/accounts')).status, 200);
    await setPublicUrl(t.app, operator, https, ours());
    t.advance(10 * minute);
    await assert.rejects(undoPublicUrl(t.app, operator, https), { code: 'conflict' });
  });

  const changesDuring = async (work: () => Promise<unknown>) => {
    const first = await latestEvent(t.app);
    await work();
    await Promise.all([t.app.address.refresh(), other.app.address.refresh()]);
    const rows = await t.app.database
      .selectFrom('events')
      .select('detail')
      .where('kind', '=', 'address-changed')
      .where('id', '>', first)
      .orderBy('id')
      .execute();
    return rows.map(({ detail }): { from: string; to: string | null } => JSON.parse(detail));
  };

  test('changes once for each of several settings on two nodes, and each event begins where the previous one ended', async () => {
    const urls = ['http://10.0.0.5:8080', 'http://10.0.0.6:8080', 'http://10.0.0.7:8080', 'http://10.0.0.8:8080'];
    const changes = await changesDuring(() =>
      Promise.all(urls.map((url, index) => setPublicUrl((index % 2 === 0 ? t : other).app, operator, url))),
    );
    const ends = changes.map(({ to }) => to);
    assert.deepEqual(
      changes.map(({ from }) => from),
      [own, ...ends.slice(0, -1)],
    );
    assert.deepEqual(ends.toSorted(), urls);
    assert.equal(t.app.publicUrl, ends.at(-1));
    assert.equal(t.app.address.previousUrl, ends.at(-2));
  });

  test('changes once if several requests set it to the same value at once, and can be taken back', async () => {
    const changes = await changesDuring(() =>
      Promise.all(
        [t, other, t, other].map(({ app }) => setPublicUrl(app, operator, https, answering({ bootId: app.bootId }))),
      ),
    );
    assert.deepEqual(changes, [{ from: own, to: https }]);
    assert.equal(t.app.address.previousUrl, own);
  });

  test('needs no password if only its spelling differs, because nothing changes', async () => {
    const last = await latestEvent(t.app);
    t.advance(20 * minute);
    assert.equal((await submit({ action: 'continue', public_url: 'HTTP://127.0.0.1:8080/' })).status, 303);
    assert.deepEqual(await changesAfter(t.app, last), []);
    assert.equal((await submit({ action: 'continue', public_url: 'http://127.0.0.1:8081' })).status, 422);
  });

  test('is taken back once if several requests do so at the same time', async () => {
    await setPublicUrl(t.app, operator, https, ours());
    const changes = await changesDuring(async () => {
      const undone = await Promise.allSettled(
        [t, other, t, other].map(({ app }) => undoPublicUrl(app, operator, https)),
      );
      const reasons = undone.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
      assert.deepEqual(reasons, ['conflict', 'conflict', 'conflict']);
    });
    assert.deepEqual(changes, [{ from: https, to: null }]);
    assert.equal(t.app.publicUrl, own);
  });

  test('can be checked at a path with any prefix, before the prefix is known', async () => {
    const { statusCode, body } = await t.server.inject({ url: '/ringup/health/live' });
    assert.deepEqual([statusCode, JSON.parse(body).boot_id], [200, t.app.bootId]);
  });
});

forEachDatabase('the address for phones with a setting', (makeUrl) => {
  test('is not changed in the panel, which says so', async () => {
    const t = await openTestApp(await makeUrl());
    const browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
    assert.match(textOf((await browser.get('/admin/welcome')).html), /RINGUP_PUBLIC_URL sets it/);
    const fields = { step: 'address', action: 'continue', public_url: 'http://10.0.0.5:8080' };
    assert.equal((await browser.post('/admin/welcome', fields)).status, 409);
    assert.equal(t.app.publicUrl, 'https://ringup.example.test');
    await t.close();
  });
});
