import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { readEventStream, untilEnded, untilState } from '../support/event-stream.ts';
import { type PanelBrowser, panelBrowser } from '../support/panel.ts';

const cookieOf = ({ cookies }: PanelBrowser) => [...cookies].map((pair) => pair.join('=')).join('; ');

forEachDatabase('the live progress of an import', (makeUrl) => {
  let t: TestApp;
  let url: string;
  let browser: PanelBrowser;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.server.listen({ port: 0, host: '127.0.0.1' });
    url = `http://127.0.0.1:${(t.server.server.address() as AddressInfo).port}`;
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
  });
  after(() => t.close());

  /** As if another process worked on it. */
  const note = async (path: string, state: { readonly state: string; readonly written: number }): Promise<void> => {
    const lease = { worker: 'another', lease_until: t.app.now() + 3_600_000 };
    const id = Number(path.split('/').at(-1));
    if (state.state === 'done') {
      const written = { written_at: t.app.now() };
      await t.app.database.updateTable('import_rows').set(written).where('import_id', '=', id).execute();
    }
    await t.app.database
      .updateTable('imports')
      .set({ ...lease, ...state })
      .where('id', '=', id)
      .execute();
  };
  const rows = ['one', 'two', 'three', 'four'].join('\n');

  test('shows at once how far the import is, then each step, and ends with the import', async () => {
    const { location: path = '' } = await browser.post('/admin/import', { text: `username\n${rows}\n` });
    await note(path, { state: 'checking', written: 0 });
    const checking = await browser.get(path);
    assert.match(checking.html, /<p role="status">The rows are being checked\.<\/p><progress max="4" value="0"/);
    const stream = await readEventStream(`${url}${path}/live`, { cookie: cookieOf(browser) });
    await untilState(stream, '0/4');
    for (const written of [1, 3]) {
      await note(path, { state: 'running', written });
      await untilState(stream, `${written}/4`);
      const { html } = await browser.get(path);
      assert.match(
        html,
        new RegExp(
          `<p role="status">${written} of 4 rows ${written === 1 ? 'is' : 'are'} in\\.</p><progress max="4" value="${written}"`,
        ),
      );
      assert.match(html, /<noscript><meta http-equiv="refresh" content="3"><\/noscript>/);
    }
    await note(path, { state: 'done', written: 4 });
    await untilEnded(stream);
    assert.deepEqual(stream.states(), ['0/4', '1/4', '3/4', '4/4']);
    const { html } = await browser.get(path);
    assert.match(html, /4 rows are written/);
    assert.doesNotMatch(html, /http-equiv="refresh"|progress-live/);
  });

  test('is closed to administrators of another space', async () => {
    await t.api('POST', '/api/spaces', { domain: 'far.example.test' });
    const fields = {
      username: 'far',
      password: 'distance12',
      domain: 'far.example.test',
      admin: true,
      activated: true,
    };
    await t.makeAccount(fields);
    const other = panelBrowser(t, '192.0.2.88');
    await other.signIn('far@far.example.test', 'distance12');
    const { location: path = '' } = await browser.post('/admin/import', { text: 'username\nsecret\n' });
    const stream = await readEventStream(`${url}${path}/live`, { cookie: cookieOf(other) });
    assert.equal(stream.status, 404);
    stream.close();
  });
});
