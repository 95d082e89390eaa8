import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { operator } from '../../src/events/actor.ts';
import { getImport } from '../../src/importing/look-at-import.ts';
import { reviseImport } from '../../src/importing/revise-import.ts';
import { progressOf } from '../../src/mail/list-mails.ts';
import { openTestApp, type TestApp, testDomain } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { type PanelBrowser, panelBrowser } from '../support/panel.ts';
import { phonesOf } from '../support/phone.ts';
import { waitUntil } from '../support/wait-until.ts';

forEachDatabase('the steps after an import in the panel', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    const mail = { RINGUP_SMTP_URL: 'smtp://mail.example.test', RINGUP_MAIL_FROM: 'ringup@example.test' };
    t = await openTestApp(await makeUrl(), mail, { runsJobs: false });
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
  });
  after(() => t.close());

  /** Imports two people with a mail address and one without. */
  const importThree = async (name: string, more: Record<string, string> = {}): Promise<string> => {
    const text = `username,email\n${name}1,${name}1@x.example\n${name}2,${name}2@x.example\n${name}3,\n`;
    const { location: path = '' } = await browser.post('/admin/import', { text, ...more });
    assert.equal((await browser.post(path, { action: 'import' })).status, 303);
    return path;
  };
  const statesOf = async (name: string): Promise<unknown[]> => {
    const { html } = await browser.get(`/admin/accounts?search=${name}`);
    return [...html.matchAll(/data-state="(\w+)">\n<td class="box"/g)].map(([, state]) => state);
  };
  const resultOf = async (path: string): Promise<string[][]> => {
    const { html } = await browser.get(`/api/imports/${path.split('/').at(-1)}/result`);
    return html
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(','));
  };

  test('give accounts no code before one is handed out', async () => {
    const path = await importThree('plain');
    assert.deepEqual(await statesOf('plain'), ['never', 'never', 'never']);
    assert.deepEqual(
      (await resultOf(path)).map(([username, , status, , url]) => [username, status, url]),
      [1, 2, 3].map((each) => [`plain${each}`, 'created', '']),
    );
  });

  test('invite accounts with a mail address, each once', async () => {
    const path = await importThree('mailed');
    assert.match((await browser.get(path)).html, /3 new accounts have no phone yet/);
    assert.match((await browser.get(path)).html, /value="invite">Invite 2 by mail</);
    const { location } = await browser.post(path, { action: 'invite' });
    assert.match(location ?? '', /^\/admin\/invitations\?queued=2&without=0/);
    assert.deepEqual(await statesOf('mailed'), ['waiting', 'waiting', 'never']);
    const { html } = await browser.get(path);
    assert.match(html, /Everyone with a mail address is invited\./);
    assert.doesNotMatch(html, /value="invite"/);
    const again = await Promise.all([1, 2].map(() => browser.post(path, { action: 'invite' })));
    for (const { location: to } of again) assert.match(to ?? '', /queued=0&without=0/);
    const mails = await t.app.database.selectFrom('mails').select('recipient').orderBy('recipient').execute();
    assert.deepEqual(
      mails.map(({ recipient }) => recipient),
      ['mailed1@x.example', 'mailed2@x.example'],
    );
  });

  test('mail no account twice if two people press the button at once', async () => {
    const path = await importThree('twice');
    const answers = await Promise.all([1, 2, 3, 4].map(() => browser.post(path, { action: 'invite' })));
    const counts = answers.map(({ location }) => Number(/queued=(\d+)/.exec(location ?? '')?.[1]));
    assert.equal(
      counts.reduce((sum, each) => sum + each, 0),
      2,
    );
  });

  test('mail an account at its present address even if a former address was mailed', async () => {
    const path = await importThree('moved');
    await browser.post(path, { action: 'invite' });
    const { database } = t.app;
    await database.updateTable('mails').set({ state: 'sent', ended_at: t.app.now() }).execute();
    await database.updateTable('account_states').set({ invited_at: t.app.now() }).execute();
    const [{ id }] = (await t.api('GET', '/api/accounts?search=moved1')).json.data;
    await t.api('PUT', `/api/accounts/${id}`, { email: 'now@x.example' });
    assert.match((await browser.get(path)).html, /value="invite">Invite 1 by mail</);
    const { location } = await browser.post(path, { action: 'invite' });
    assert.match(location ?? '', /queued=1&/);
  });

  test('print code sheets for all accounts, or for those without a mail address', async () => {
    const path = await importThree('paper');
    const { html } = await browser.get(path);
    assert.match(html, /value="sheet-rest">Code sheet for 1 without mail</);
    assert.match(html, /value="sheet">Code sheets for 3</);
    const { location: rest = '' } = await browser.post(path, { action: 'sheet-rest' });
    assert.match((await browser.get(rest)).html, /<li class="card"[\s\S]*paper3@/);
    assert.deepEqual(await statesOf('paper'), ['never', 'never', 'waiting']);
    const { location: all = '' } = await browser.post(path, { action: 'sheet' });
    assert.equal((await browser.get(all)).html.match(/<li class="card"/g)?.length, 3);
  });

  test('add the addresses of codes that they make to the table of results', async () => {
    const path = await importThree('table');
    const offered = (await browser.get(path)).html;
    assert.match(offered, /<h3>Codes in a table<\/h3><p class="hint">.* for each of the 3 accounts that have none\./);
    assert.match(offered, /No mail goes out, and no earlier code ends\./);
    assert.match(offered, /value="codes">Make 3 codes</);
    assert.equal((await browser.post(path, { action: 'codes' })).location, path);
    for (const [, , , password, url = ''] of await resultOf(path)) {
      assert.equal(password, '');
      assert.match(url, /\/provisioning\/\w+$/);
    }
    assert.doesNotMatch((await browser.get(path)).html, /value="codes"/);
  });

  test('make codes for accounts that get a mail if the import invites', async () => {
    const path = await importThree('asked', { invite: 'true' });
    assert.deepEqual(await statesOf('asked'), ['waiting', 'waiting', 'never']);
    const { html } = await browser.get(path);
    assert.match(html, /Everyone with a mail address is invited\./);
    assert.match(html, /Code sheet for 1 without mail/);
  });

  const importText = async (text: string): Promise<string> => {
    const { location: path = '' } = await browser.post('/admin/import', { text });
    await browser.post(path, { action: 'import' });
    return path;
  };
  const portionsOn = (html: string) =>
    [...html.matchAll(/<option value="(\d+)">([^<]+)</g)].map(([, first, words]) => `${first} = ${words}`);
  const printed = async (path: string, fields: Record<string, string>) => {
    const { location: sheet = '' } = await browser.post(path, fields);
    return [...(await browser.get(sheet)).html.matchAll(/<bdi>(\w+\d)</g)].map(([, name]) => name);
  };

  test('count as the last mailing all mails of an import, even if it came before another mail', async () => {
    const rows = Array.from({ length: 120 }, (_, index) => `late${index},late${index}@x.example\n`);
    const text = `username,email\n${rows.join('')}`;
    const { location: path = '' } = await browser.post('/admin/import', { text, invite: 'true' });
    t.advance(60_000);
    const { id } = await t.makeAccount({ email: 'single@x.example' });
    const single = await t.api('POST', `/api/accounts/${id}/send_provisioning_email`);
    assert.equal(single.status, 200, single.text);
    t.advance(60_000);
    const found = await getImport(t.app, path.split('/').at(-1) ?? '');
    await reviseImport(t.app, operator, found, { mended: new Map(), leftOut: [], options: {}, writes: true });
    await t.app.imports.resume(found.id, () => t.advance(1_000));
    const { id: spaceId } = t.app.spaces.getByDomain(testDomain);
    assert.deepEqual(await progressOf(t.app, spaceId), { waiting: 120, sent: 0, failed: 0 });
  });

  /** Imports accounts with these names, after a row whose account exists, so that it creates none. */
  const importMany = async (name: string, count: number): Promise<string> => {
    await t.makeAccount({ username: `${name}there` });
    const rows = Array.from({ length: count }, (_, index) => `${name}${index + 1}\n`);
    return importText(`username\n${name}there\n${rows.join('')}`);
  };
  const countCards = async (path: string, from: string) =>
    (await browser.post(path, { action: 'sheet', from })).location?.match(/account=/g)?.length;
  const accountOf = async (username: string) =>
    (await t.api('GET', `/api/accounts?search=${username}`)).json.data.find(
      (each: { readonly username: string }) => each.username === username,
    );

  test('print more accounts than a sheet has cards in portions', async () => {
    const path = await importMany('many', 503);
    const { html } = await browser.get(path);
    assert.deepEqual(portionsOn(html), ['3 = 1–500: 500 cards', '503 = 501–503: 3 cards']);
    assert.match(html, /The numbers count every account that this import created/);
    assert.deepEqual(await printed(path, { action: 'sheet', from: '503' }), ['many501', 'many502', 'many503']);
    assert.match((await browser.get(`${path}?lang=fr`)).html, /<option value="503">501–503\u00a0: 3 cartes</);
    await browser.get('/admin?lang=en');
  });

  test('print each account on the same sheet, even if others need no card any more', async () => {
    const path = await importMany('used', 503);
    assert.equal(await countCards(path, '3'), 500);
    for (const name of ['used1', 'used7', 'used500']) {
      await phonesOf(t).redeem(await t.makeToken(await accountOf(name)));
    }
    const isShown = async () => (await browser.get(path)).html.includes('>Code sheets for 500<');
    assert.ok(await waitUntil(async () => (await t.app.deliveries.settleAll()) && (await isShown())));
    const last = ['used501', 'used502', 'used503'];
    assert.deepEqual(await printed(path, { action: 'sheet', from: '503' }), last);
    const more = await importMany('gone', 510);
    await t.api('POST', `/api/accounts/${(await accountOf('gone2')).id}/block`);
    await t.api('DELETE', `/api/accounts/${(await accountOf('gone3')).id}`);
    assert.deepEqual(portionsOn((await browser.get(more)).html), ['3 = 1–500: 498 cards', '503 = 501–510: 10 cards']);
    assert.equal(await countCards(more, '3'), 498);
    assert.equal((await printed(more, { action: 'sheet', from: '503' }))[0], 'gone501');
  });

  test('say that more accounts follow if no portion is chosen', async () => {
    const { location = '' } = await browser.post(await importMany('unchosen', 501), { action: 'sheet' });
    assert.match((await browser.get(location)).html, /These are the first 500 accounts/);
  });

  test('print accounts without a mail address in portions with the same numbers', async () => {
    const rows = Array.from({ length: 503 }, (_, index) => `rest${index + 1},\n`);
    const path = await importText(`username,email\nposted1,posted1@x.example\n${rows.join('')}`);
    const { html } = await browser.get(path);
    const ofRest = ['2 = 1–500: 499 cards', '502 = 501–504: 4 cards'];
    assert.deepEqual(portionsOn(html), [...ofRest, '2 = 1–500: 500 cards', '502 = 501–504: 4 cards']);
    assert.match(html, /<label for="from_rest">On the sheet without mail<\/label><select id="from_rest"/);
    const chosen = { from: '2', from_rest: '502' };
    const last = ['rest500', 'rest501', 'rest502', 'rest503'];
    assert.deepEqual(await printed(path, { action: 'sheet-rest', ...chosen }), last);
    assert.equal((await printed(path, { action: 'sheet', ...chosen }))[0], 'posted1');
    await t.api('PUT', `/api/accounts/${(await accountOf('rest1')).id}`, { email: 'rest1@x.example' });
    assert.deepEqual(portionsOn((await browser.get(path)).html).slice(0, 2), ['2 = 1–500: 498 cards', ofRest[1]]);
    assert.deepEqual(await printed(path, { action: 'sheet-rest', ...chosen }), last);
  });

  test('stay when the rows that were refused are left out', async () => {
    const text = 'username,phone\nkept1,\nkept2,201\nkept3,202\n';
    const { location: path = '' } = await browser.post('/admin/import', { text });
    await browser.post(path, { action: 'import' });
    const id = Number(path.split('/').at(-1));
    for (const leave of ['3', '4']) {
      assert.equal((await browser.post(path, { leave })).status, 303);
      assert.equal((await t.api('GET', `/api/imports/${id}`)).json.state, 'done');
      const ended = t.app.database.selectFrom('imports').select('ended_at').where('id', '=', id);
      assert.deepEqual(await ended.execute(), [{ ended_at: t.app.now() }]);
      assert.match((await browser.get(path)).html, /What comes next[\s\S]*1 row is written/);
    }
    assert.equal((await browser.post(path, { action: 'sheet' })).status, 303);
  });

  test('are missing after an import that created no account, or whose rows are erased', async () => {
    const { location: path = '' } = await browser.post('/admin/import', { text: 'username\nmany1\n' });
    await browser.post(path, { action: 'import' });
    assert.doesNotMatch((await browser.get(path)).html, /What comes next/);
  });

  test('do not let administrators of another space hand out its codes', async () => {
    const path = await importThree('apart');
    await t.api('POST', '/api/spaces', { domain: 'far.example.test', registrar: 'sip:far.example.test' });
    await t.makeAccount({
      username: 'far',
      password: 'distance12',
      domain: 'far.example.test',
      admin: true,
      activated: true,
    });
    const other = panelBrowser(t, '192.0.2.88');
    await other.signIn('far@far.example.test', 'distance12');
    for (const action of ['invite', 'sheet', 'sheet-rest', 'codes']) {
      assert.equal((await other.post(path, { action })).status, 404, action);
    }
    assert.deepEqual(await statesOf('apart'), ['never', 'never', 'never']);
  });
});
