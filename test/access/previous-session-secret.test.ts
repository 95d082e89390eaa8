import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { type PanelBrowser, type PanelReply, panelBrowser } from '../support/panel.ts';

const minute = 60_000;
const keys = '/admin/spaces/sip.example.test/api-keys';
const password = 'administrator';

forEachDatabase('the cookie before the password was given again', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  /** Signs in, lets the confirmation end, and returns the cookie. */
  const signedIn = async (): Promise<string> => {
    const { username } = await t.makeAccount({ admin: true, activated: true, password });
    browser = panelBrowser(t);
    await browser.signIn(username, password);
    t.advance(10 * minute);
    return cookie();
  };
  const cookie = (): string => browser.cookies.get('__Host-ringup_session') ?? assert.fail('no session');
  const use = (secret: string): void => void browser.cookies.set('__Host-ringup_session', secret);
  const makeKey = (fields: Record<string, string> = { current_password: password }): Promise<PanelReply> =>
    browser.post(keys, { action: 'create', name: 'exporter', ...fields });
  const statusOf = async (secret: string): Promise<number> => {
    use(secret);
    return (await browser.get('/admin')).status;
  };
  const confirmed = async (): Promise<string> => {
    const { status, html } = await makeKey();
    assert.equal(status, 303, html);
    return cookie();
  };
  const setsCookie = ({ headers }: PanelReply): boolean => /ringup_session=/.test(String(headers['set-cookie']));

  test('goes on if the answer with the new one is lost, for pages and forms, as long as a session lasts', async () => {
    const old = await signedIn();
    await confirmed();
    for (const later of [0, 2 * minute, 11 * 60 * minute, 11 * 60 * minute]) {
      t.advance(later);
      assert.equal(await statusOf(old), 200);
      assert.equal((await browser.post('/account/sessions', { action: 'end', session: '0' })).status, 303);
    }
    t.advance(12 * 60 * minute);
    assert.equal(await statusOf(old), 303);
  });

  test('does not count as confirmed, and a later confirmation replaces both', async () => {
    const old = await signedIn();
    const lost = await confirmed();
    t.advance(minute);
    use(old);
    const { status, html } = await makeKey({});
    assert.equal(status, 422);
    assert.match(html, /<input id="current_password"/);
    const renewed = await confirmed();
    assert.notEqual(renewed, lost);
    assert.equal(await statusOf(lost), 303);
    assert.equal(await statusOf(old), 200);
    assert.equal(await statusOf(renewed), 200);
    assert.equal((await makeKey({})).status, 303);
    assert.equal(await statusOf(old), 303);
  });

  test('ends when the new one is used', async () => {
    const old = await signedIn();
    const renewed = await confirmed();
    assert.equal(await statusOf(renewed), 200);
    assert.equal(await statusOf(old), 303);
    assert.equal((await makeKey()).status, 401);
    assert.equal(await statusOf(renewed), 200);
  });

  test('ends with a new password, even if its answer is lost', async () => {
    const old = await signedIn();
    const lost = await confirmed();
    use(old);
    const fields = { old_password: password, password: 'another password' };
    assert.equal((await browser.post('/account/password', fields)).status, 303);
    const renewed = cookie();
    for (const each of [old, lost]) assert.equal(await statusOf(each), 303);
    assert.equal(await statusOf(renewed), 200);
  });

  test('ends with the session, whichever cookie signs out', async () => {
    for (const form of ['/logout', '/account/sessions']) {
      const old = await signedIn();
      const lost = await confirmed();
      use(old);
      assert.equal((await browser.post(form, { action: 'everywhere' })).location, '/login');
      for (const each of [old, lost]) assert.equal(await statusOf(each), 303, form);
    }
  });

  test('lets two tabs confirm at the same time, in whichever order their answers come', async () => {
    const old = await signedIn();
    const answers = await Promise.all([makeKey(), makeKey(), browser.post('/account/sessions', { action: 'end' })]);
    for (const { status, html } of answers) assert.equal(status, 303, html);
    assert.equal(answers.filter(setsCookie).length, 1);
    const renewed = cookie();
    use(old);
    t.advance(minute - 1);
    const another = await makeKey();
    assert.deepEqual([another.status, setsCookie(another)], [303, false]);
    assert.equal(await statusOf(renewed), 200);
    assert.equal((await makeKey({})).status, 303);
    assert.equal(await statusOf(old), 303);
  });
});
