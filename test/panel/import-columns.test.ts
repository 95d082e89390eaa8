import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { openPanel, type PanelBrowser } from '../support/panel.ts';

forEachDatabase('the columns of an import in the panel', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
  });
  after(() => t.close());

  const paste = async (text: string): Promise<string> => {
    const { status, location, html } = await browser.post('/admin/import', { text });
    assert.equal(status, 303, html);
    return location ?? '';
  };
  /** Pastes a table whose columns nobody knows, and returns the page to which that leads. */
  const pasteUnknown = async (text: string): Promise<string> => {
    const { status, html } = await browser.post('/admin/import', { text });
    assert.equal(status, 422);
    assert.match(html, /The first line names no column of accounts/);
    return /href="(\/admin\/import\/\d+)">Say what the columns are/.exec(html)?.[1] ?? assert.fail(html);
  };
  const rowsOf = (html: string): string[][] =>
    [...html.matchAll(/<tr data-line="(\d+)" data-decision="create">(.*?)<\/tr>/g)].map(([, line = '', cells = '']) => [
      line,
      ...[...cells.matchAll(/<bdi>(.*?)<\/bdi>/g)].map(([, cell = '']) => cell),
    ]);

  test('are assigned by a person if their names are unknown', async () => {
    const path = await pasteUnknown('Kollege;Kontakt;Etage\nIda Lund;ida@x.example;2\nJan Berg;jan@x.example;3\n');
    const { html } = await browser.get(path);
    assert.match(html, /The names of these columns are not known here/);
    assert.match(html, /Ida Lund/);
    assert.doesNotMatch(html, /to correct|class="mend"/);
    const sent = { 'means-0': 'name', 'means-1': 'email', 'means-2': 'none', action: 'check' };
    assert.equal((await browser.post(path, sent)).location, path);
    const checked = await browser.get(path);
    assert.deepEqual(rowsOf(checked.html), [
      ['2', 'Ida Lund', 'ida', 'ida@x.example'],
      ['3', 'Jan Berg', 'jan', 'jan@x.example'],
    ]);
    assert.match(checked.html, /Not used: Etage/);
    assert.equal((await browser.post(path, { action: 'import' })).status, 303);
    assert.match((await browser.get(path)).html, /2 rows are written/);
  });

  test('may have no names, and then the first line is a row', async () => {
    const path = await pasteUnknown('Eva Holm;eva@x.example\nOla Holm;ola@x.example\n');
    await browser.post(path, { 'means-0': 'name', 'means-1': 'email', first_is_row: 'true', action: 'check' });
    const { html } = await browser.get(path);
    assert.deepEqual(rowsOf(html), [
      ['1', 'Eva Holm', 'eva', 'eva@x.example'],
      ['2', 'Ola Holm', 'ola', 'ola@x.example'],
    ]);
    await browser.post(path, { first_is_row: 'true', action: 'check' });
    assert.equal(rowsOf((await browser.get(path)).html).length, 2, 'it becomes a row once');
  });

  test('can be corrected, and stay so while rows are corrected', async () => {
    const path = await paste('username,name,number\nada1,Ada,Sales\nbob1,Bob?y,Sales\n');
    const { location = '' } = await browser.post(path, { action: 'columns' });
    assert.equal(location, `${path}?show=columns`);
    const { html } = await browser.get(location);
    assert.match(html, /<select name="means-2"[^>]*>.*<option value="phone" selected>/s);
    assert.match(html, /<form method="post" class="import" action="\/admin\/import\/\d+">/);
    await browser.post(path, { 'means-0': 'username', 'means-1': 'name', 'means-2': 'group', action: 'import' });
    assert.match(
      (await browser.get(path)).html,
      /Nothing has been written yet/,
      'nobody has seen the rows as they are now',
    );
    const mended = { line: '3', username: 'bob1', name: 'Bobby', group: 'Sales', action: 'check' };
    await browser.post(path, mended);
    const checked = await browser.get(path);
    assert.match(checked.html, /2 new/);
    await browser.post(path, { action: 'import' });
    const { json } = await t.api('GET', '/api/accounts?search=bob1');
    assert.deepEqual([json.data[0].display_name, json.data[0].group], ['Bobby', 'Sales']);
  });

  test('show no example if they have passwords', async () => {
    const path = await pasteUnknown('Kollege;Kennwörter;Passphrase\nida;geheim99;sesame99\n');
    const { html } = await browser.get(path);
    assert.doesNotMatch(html, /geheim99|sesame99/);
    assert.match(html, /•••/);
  });

  test('can only mean what the page offers, whatever is sent', async () => {
    const path = await paste('username,fruit\nplum,blue\n');
    await browser.post(path, { 'means-1': 'ha1_md5', 'means-9': 'email', 'means-x': 'name', action: 'check' });
    assert.match((await browser.get(path)).html, /Not used: fruit/);
  });

  test('are still refused by the API if their names are unknown', async () => {
    const answer = await t.server.inject({
      method: 'POST',
      url: '/api/accounts/import?dry_run=true',
      headers: { 'x-api-key': t.adminKey, 'content-type': 'text/csv' },
      payload: 'fruit,colour\nplum,blue\n',
    });
    assert.deepEqual([answer.statusCode, answer.json().code], [422, 'import-refused']);
  });
});
