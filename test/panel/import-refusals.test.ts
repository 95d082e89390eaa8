import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eraseImports } from '../../src/importing/revise-import.ts';
import type { TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { formFields } from '../support/html.ts';
import { openPanel, type PanelBrowser, type PanelReply } from '../support/panel.ts';

forEachDatabase('the page of an import', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
  });
  after(() => t.close());

  const paste = async (text: string): Promise<string> => {
    const { status, location = '', html } = await browser.post('/admin/import', { text });
    assert.equal(status, 303, html);
    return location;
  };
  const idOf = (path: string) => Number(path.split('/').at(-1));
  const find = (path: string) =>
    t.app.database.selectFrom('imports').selectAll().where('id', '=', idOf(path)).executeTakeFirstOrThrow();
  const rowsOf = (path: string) =>
    t.app.database
      .selectFrom('import_rows')
      .selectAll()
      .where('import_id', '=', idOf(path))
      .orderBy('position')
      .execute();
  /** Asserts that the reply is the page of an import, with a banner. */
  const assertRefused = ({ status, html }: PanelReply, expected: number, banner: RegExp) => {
    assert.equal(status, expected, html);
    assert.match(html, /<h1>Pasted cells<\/h1>/);
    assert.match(/<p class="banner bad" role="alert">.*?<\/p>/s.exec(html)?.[0] ?? html, banner);
  };

  const twice = 'username,email,E-Mail\nann,ann@x.example,\nbea,bea,\n';
  const mended = { line: '3', username: 'bea', email: '', 'column-3': 'bea@x.example', on_duplicate: 'skip' };

  for (const action of ['check', 'import']) {
    test(`refuses a correction that no table may have, and keeps what was typed (${action})`, async () => {
      const path = await paste(twice);
      assert.match((await browser.get(path)).html, /name="column-3"/);
      const [stored, rows] = [await find(path), await rowsOf(path)];
      const refused = await browser.post(path, { ...mended, action });
      assertRefused(refused, 422, /The column “E-Mail” appears twice, with values in both/);
      assert.match(refused.html, /name="column-3" value="bea@x\.example"/);
      assert.match(refused.html, /<option value="skip" selected>/);
      assert.deepEqual([await find(path), await rowsOf(path)], [stored, rows]);
      assert.equal((await browser.post(path, { ...mended, 'column-3': '', action: 'check' })).status, 303);
      assert.match((await browser.get(path)).html, /2 new/);
      assert.equal((await browser.post(path, { action: 'discard' })).location, '/admin/import');
    });
  }

  test('accepts a value in both columns once a person says what one of them is', async () => {
    const path = await paste(twice);
    assert.equal((await browser.post(path, { 'means-2': 'note', action: 'check' })).status, 303);
    const noted = { line: '3', username: 'bea', email: '', note: 'likes tea', action: 'import' };
    assert.equal((await browser.post(path, noted)).status, 303);
    assert.match((await browser.get(path)).html, /2 rows are written/);
  });

  test('says in place that somebody else is working on the import', async () => {
    const path = await paste('username,phone\ncarl,201\n');
    const lease = { state: 'checking', worker: 'another', lease_until: t.app.now() + 60_000 };
    await t.app.database.updateTable('imports').set(lease).where('id', '=', idOf(path)).execute();
    const busy = await find(path);
    for (const action of ['check', 'import', 'discard']) {
      const reply = await browser.post(path, { line: '2', username: 'carl', phone: '', action });
      assertRefused(reply, 409, /Somebody is working on this import/);
      assert.match(reply.html, /<progress/);
    }
    assert.deepEqual(await find(path), busy);
  });

  /** Pastes a row without mistakes and one with a wrong number on line 3, and writes the first. */
  const writeOneOfTwo = async (name: string): Promise<string> => {
    const path = await paste(`username,phone\n${name}1,\n${name}2,201\n`);
    assert.equal((await browser.post(path, { action: 'import' })).status, 303);
    return path;
  };

  test('says in place that the rows are erased, and keeps what became of them', async () => {
    const path = await writeOneOfTwo('erased');
    await t.app.database.updateTable('imports').set({ created_at: 0 }).where('id', '=', idOf(path)).execute();
    await eraseImports(t.app);
    const erased = await find(path);
    for (const action of ['check', 'import', 'discard']) {
      const reply = await browser.post(path, { line: '3', username: 'erased2', phone: '', action });
      assertRefused(reply, 409, /The rows of this import were erased after a day/);
    }
    assert.deepEqual(await find(path), erased);
  });

  test('says in place that an import was written meanwhile and is not discarded', async () => {
    const path = await writeOneOfTwo('old');
    for (const mend of [{}, { line: '3', username: 'old2', phone: '', action: 'import' }]) {
      await browser.post(path, mend);
      const written = await find(path);
      assertRefused(await browser.post(path, { action: 'discard' }), 409, /This import was written in the meantime/);
      assert.deepEqual(await find(path), written);
    }
  });

  test('leaves no row out that was written meanwhile', async () => {
    const path = await writeOneOfTwo('kept');
    await browser.post(path, { line: '3', username: 'kept2', phone: '', action: 'import' });
    const rows = await rowsOf(path);
    assertRefused(await browser.post(path, { leave: '3' }), 409, /This import was written in the meantime/);
    assert.deepEqual(await rowsOf(path), rows);
  });

  test('stores what was typed once a refused form is sent again', async () => {
    const path = await paste('username,email,phone\nfred,fred@x.example,\ngina,gina@x.example,201\n');
    const opened = formFields((await browser.get(path)).html, 'line');
    opened.set('phone', '+33601020304');
    opened.set('invite', 'true');
    opened.set('action', 'import');
    const refused = await browser.post(path, opened);
    assertRefused(refused, 409, /a mail server and a sender are missing/);
    const again = formFields(refused.html, 'line');
    assert.equal(again.get('phone'), '+33601020304');
    again.delete('invite');
    again.set('action', 'check');
    assert.equal((await browser.post(path, again)).status, 303);
    assert.match((await browser.get(path)).html, /2 new/);
  });

  test('writes nothing if new accounts should get a mail but none can be sent, and keeps what was typed', async () => {
    const path = await paste('username,email,phone\nfred,fred@x.example,\ngina,gina@x.example,201\n');
    const [stored, rows, { html: accounts }] = [
      await find(path),
      await rowsOf(path),
      await browser.get('/admin/accounts'),
    ];
    const sent = { line: '3', username: 'gina', email: 'gina@x.example', phone: '202', on_duplicate: 'skip' };
    const reply = await browser.post(path, { ...sent, invite: 'true', action: 'import' });
    assertRefused(reply, 409, /a mail server and a sender are missing/);
    assert.match(reply.html, /name="phone" value="202"/);
    assert.match(reply.html, /<option value="skip" selected>/);
    assert.match(reply.html, /name="invite" value="true" checked/);
    assert.deepEqual([await find(path), await rowsOf(path)], [stored, rows]);
    assert.equal((await browser.get('/admin/accounts')).html, accounts);
    assert.equal((await browser.post(path, { ...sent, invite: 'true', action: 'check' })).status, 303);
    assert.equal((await browser.post(path, { ...sent, action: 'import' })).status, 303);
    assert.match((await browser.get(path)).html, /1 row is written/);
  });

  test('says in place that no mails can be sent any more', async () => {
    const path = await paste('username,email\ndora,dora@x.example\n');
    await browser.post(path, { action: 'import' });
    const reply = await browser.post(path, { action: 'invite' });
    assertRefused(reply, 409, /a mail server and a sender are missing/);
    assert.match(reply.html, /What comes next/);
    assert.deepEqual(await t.app.database.selectFrom('mails').selectAll().execute(), []);
  });
});
