import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eraseImports } from '../../src/importing/revise-import.ts';
import type { TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { textOf } from '../support/html.ts';
import { openPanel, type PanelBrowser } from '../support/panel.ts';

forEachDatabase('an import of which a part is written, in the panel', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl(), {}, { runsJobs: false }));
  });
  after(() => t.close());

  const allowsAdmin = { on_duplicate: 'refuse', allow_admin: 'true' };
  /** Writes five rows, one of which makes an administrator, and leaves two out. Then corrects one of these. */
  const writeFive = async (name: string): Promise<string> => {
    const good = Array.from({ length: 5 }, (_, index) => `${name}${index},,${index === 0 ? 'yes' : ''}\n`);
    const text = `username,phone,admin\n${good.join('')}${name}5,201,\n${name}6,202,\n`;
    const { location: path = '' } = await browser.post('/admin/import', { text, allow_admin: 'true' });
    assert.match((await browser.get(path)).html, />Import 5, leave out 2</);
    assert.equal((await browser.post(path, { ...allowsAdmin, action: 'import' })).status, 303);
    const mended = { line: '7', username: `${name}5`, phone: '', admin: '' };
    assert.equal((await browser.post(path, { ...allowsAdmin, ...mended, action: 'check' })).status, 303);
    return path;
  };
  const idOf = (path: string) => path.split('/').at(-1);
  const inList = async (path: string): Promise<string> => {
    const { html } = await browser.get('/admin/import');
    return textOf(new RegExp(`<tr><td><a class="name" href="${path}">.*?</tr>`).exec(html)?.[0] ?? html);
  };
  const answerOf = async (path: string) => {
    const { state, rows, create, refused, dry_run } = (await t.api('GET', `/api/imports/${idOf(path)}`)).json;
    return { state, rows, create, refused, dry_run };
  };
  const resultOf = async (path: string): Promise<string[]> => {
    const { html } = await browser.get(`/api/imports/${idOf(path)}/result`);
    const lines = html.trimEnd().split('\r\n').slice(1);
    return lines.map((line) => line.split(',')).map(([username, , status]) => `${username} ${status}`);
  };
  const created = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${name}${index} created`);

  test('counts only the other rows once they are checked again, and keeps the next steps', async () => {
    const path = await writeFive('counted');
    const { html } = await browser.get(path);
    assert.match(textOf(html), /1 to correct\s+5 already written\s+1 new\s/);
    assert.match(html, /<h2>1 row is ready<\/h2>/);
    assert.match(html, />Import 1, leave out 1</);
    assert.match(html, />Discard the other rows</);
    assert.deepEqual(
      [...html.matchAll(/<tr data-line="(\d+)" data-decision="create">/g)].map(([, line]) => line),
      ['7'],
    );
    assert.doesNotMatch(html, /changes an administrator/);
    assert.match(html, /What comes next/);
    assert.match(html, /5 new accounts have no phone yet/);
    assert.match(html, /href="\/api\/imports\/\d+\/result"/);
    assert.match(await inList(path), /Partly written/);
    assert.deepEqual(await answerOf(path), { state: 'checked', rows: 7, create: 6, refused: 1, dry_run: false });
    assert.deepEqual(await resultOf(path), [...created('counted', 5), 'counted5 ', 'counted6 refused']);
    const french = await browser.get(`${path}?lang=fr`);
    assert.match(french.html, /5 déjà écrites[\s\S]*1 ligne est prête[\s\S]*Abandonner les autres lignes/);
    assert.match(await inList(path), /Écrite en partie/);
    await browser.get('/admin?lang=en');
  });

  test('links the result if no account of it waits for a phone', async () => {
    const path = await writeFive('linked');
    for (const { id } of (await t.api('GET', '/api/accounts?search=linked')).json.data) {
      await t.api('DELETE', `/api/accounts/${id}`);
    }
    const { html } = await browser.get(path);
    assert.doesNotMatch(html, /What comes next/);
    assert.match(html, /href="\/api\/imports\/\d+\/result"/);
  });

  test('writes just the other rows afterwards, and hands out the codes of all', async () => {
    const path = await writeFive('rest');
    assert.equal((await browser.post(path, { ...allowsAdmin, action: 'import' })).status, 303);
    const { html } = await browser.get(path);
    assert.match(html, /6 rows are written/);
    assert.match(html, /6 new accounts have no phone yet/);
    assert.match(await inList(path), /Written/);
    assert.deepEqual(await answerOf(path), { state: 'done', rows: 7, create: 6, refused: 1, dry_run: false });
    assert.deepEqual(await resultOf(path), [...created('rest', 6), 'rest6 refused']);
    const { location: sheet = '' } = await browser.post(path, { action: 'sheet' });
    assert.equal((await browser.get(sheet)).html.match(/<li class="card"/g)?.length, 6);
  });

  test('keeps what is written and its next steps when the other rows are discarded', async () => {
    const path = await writeFive('kept');
    assert.equal((await browser.post(path, { action: 'discard' })).location, '/admin/import');
    const { html } = await browser.get(path);
    assert.match(html, /5 rows are written/);
    assert.match(html, /5 new accounts have no phone yet/);
    assert.doesNotMatch(html, /discarded|to correct|value="(check|import|discard)">/);
    assert.match(await inList(path), /Written\s+5$/);
    assert.deepEqual(await answerOf(path), { state: 'done', rows: 5, create: 5, refused: 0, dry_run: false });
    assert.deepEqual(await resultOf(path), created('kept', 5));
    const again = await browser.post(path, { action: 'discard' });
    assert.equal(again.status, 409);
    assert.match(again.html, /This import was written in the meantime/);
    assert.deepEqual(await resultOf(path), created('kept', 5));
    assert.equal((await browser.post(path, { action: 'codes' })).status, 303);
    assert.doesNotMatch((await browser.get(path)).html, /value="codes"/);
  });

  test('is written, not discarded, once its rows are erased after a day', async () => {
    const path = await writeFive('old');
    t.advance(86_400_001);
    await eraseImports(t.app);
    await browser.signIn('admin', 'administrator');
    assert.deepEqual(await t.app.database.selectFrom('import_rows').selectAll().execute(), []);
    assert.deepEqual(await answerOf(path), { state: 'done', rows: 5, create: 5, refused: 0, dry_run: false });
    assert.match(await inList(path), /Written\s+5$/);
    const { html } = await browser.get(path);
    assert.match(html, /<li>5 new<\/li>/);
    assert.doesNotMatch(html, /discarded|What comes next|value="(check|import|discard)">|\/result"/);
  });
});
