import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
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
  /** Asserts that the reply is the page of an import, with a banner. */
  const assertRefused = ({ status, html }: PanelReply, expected: number, banner: RegExp) => {
    assert.equal(status, expected, html);
    assert.match(html, /<h1>Pasted cells<\/h1>/);
    assert.match(/<p class="banner bad" role="alert">.*?<\/p>/s.exec(html)?.[0] ?? html, banner);
  };

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

  test('says in place that no mails can be sent any more', async () => {
    const path = await paste('username,email\ndora,dora@x.example\n');
    await browser.post(path, { action: 'import' });
    const reply = await browser.post(path, { action: 'invite' });
    assertRefused(reply, 409, /a mail server and a sender are missing/);
    assert.match(reply.html, /What comes next/);
    assert.deepEqual(await t.app.database.selectFrom('mails').selectAll().execute(), []);
  });
});
