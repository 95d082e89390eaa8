import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findUsernames } from '../../src/accounts/account-store.ts';
import type { TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { attributeOf, formFields, textOf } from '../support/html.ts';
import { openPanel, type PanelBrowser, panelBrowser, sameOrigin } from '../support/panel.ts';
import { waitUntil } from '../support/wait-until.ts';

forEachDatabase('the import in the panel', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
  });
  after(() => t.close());

  const paste = async (text: string, more: Record<string, string> = {}): Promise<string> => {
    const { status, location, html } = await browser.post('/admin/import', { text, ...more });
    assert.equal(status, 303, html);
    return location ?? '';
  };
  const usernames = async (): Promise<string[]> => {
    const rows = await t.app.database.selectFrom('accounts').select('username').orderBy('id').execute();
    return rows.map(({ username }) => username).filter((name) => name !== 'admin');
  };

  test('accepts a file, shows its rows, and writes nothing before it is confirmed', async () => {
    const boundary = 'x-boundary';
    const body = Buffer.concat([
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="lyon.csv"\r\nContent-Type: text/csv\r\n\r\n`,
      ),
      Buffer.from('Identifiant;Nom complet;Télécopie\r\nchloe;Chloé Besançon;12\r\n', 'latin1'),
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]);
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await t.server.inject({
      method: 'POST',
      url: '/admin/import',
      headers: { ...sameOrigin, cookie, 'content-type': `multipart/form-data; boundary=${boundary}` },
      payload: body,
    });
    assert.equal(answer.statusCode, 303, answer.body);
    const { html } = await browser.get(String(answer.headers.location));
    assert.match(html, /<h1>lyon\.csv<\/h1>/);
    assert.match(html, /Nothing has been written yet\. Semicolons, Windows-1252/);
    assert.match(html, /Chloé Besançon/);
    assert.match(html, /Not used: Télécopie/);
    assert.match(
      html,
      /<div id="progress"><div role="status"><ul class="news"/,
      'the part in which a page shows how far it is',
    );
    assert.match(html, /name="action" value="import">Import 1</);
    assert.deepEqual(await usernames(), []);
  });

  test('shows only part of a long cell, and keeps all of it unless something else is typed', async () => {
    const note = 'x'.repeat(9_000);
    const path = await paste(`username,name,note\nlong,Lo?g,${note}\ntoo,Too,${note}${note}\n`);
    const { html } = await browser.get(path);
    assert.ok(html.length < 60_000, `${html.length} characters`);
    assert.match(html, /Use at most 10,000 characters/);
    const sent = new URLSearchParams();
    for (const [line, username, name, text] of [
      ['2', 'long', 'Long', ''],
      ['3', 'too', 'Too', 'short'],
    ] as const) {
      for (const [field, value] of Object.entries({ line, username, name, note: text })) sent.append(field, value);
    }
    sent.append('action', 'import');
    assert.equal((await browser.post(path, sent)).status, 303);
    const stored = await t.app.database.selectFrom('accounts').select(['username', 'note']).orderBy('id').execute();
    assert.deepEqual(
      stored.slice(1).map((each) => [each.username, each.note]),
      [['too', 'short']],
    );
    assert.match((await browser.get(path)).html, /id="note-2" name="note" value="" placeholder="x{200}…"/);
  });

  test('shows each mistake below its cell, accepts corrections, and writes the rows', async () => {
    const rows = Array.from({ length: 5 }, (_, index) => `good${index},Good ${index},g${index}@x.example,`);
    const path = await paste(
      `username,name,email,phone\n${rows.join('\n')}\nchloe,Chlo?,c@x.example,"3,36E+10"\nmax,Max,"m@x,example",\n`,
    );
    const { html } = await browser.get(path);
    assert.match(html, /<b>2 to correct<\/b>/);
    assert.match(html, /5 new/);
    assert.match(
      html,
      /id="phone-7" name="phone" value="3,36E\+10"[^>]* aria-invalid="true" aria-describedby="phone-7-mistake"/,
    );
    assert.match(html, /The spreadsheet has rounded this number\. Type it in full, with its country code\./);
    assert.match(html, /Did you mean m@x\.example\?/);
    assert.match(html, /Import 5, leave out 2/);
    assert.doesNotMatch(html, /Good 4/);
    const mended = new URLSearchParams([
      ['line', '7'],
      ['username', 'chloe'],
      ['name', 'Chloé'],
      ['email', 'c@x.example'],
      ['phone', '+33601020304'],
      ['line', '8'],
      ['username', 'max'],
      ['name', 'Max'],
      ['email', 'm@x.example'],
      ['phone', ''],
      ['action', 'check'],
    ]);
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await t.server.inject({
      method: 'POST',
      url: path,
      headers: { ...sameOrigin, cookie, 'content-type': 'application/x-www-form-urlencoded' },
      payload: mended.toString(),
    });
    assert.equal(answer.statusCode, 303, answer.body);
    const checked = await browser.get(path);
    assert.match(checked.html, /7 new/);
    assert.doesNotMatch(checked.html, /to correct/);
    assert.equal((await browser.post(path, { action: 'import' })).status, 303);
    const written = await browser.get(path);
    assert.match(written.html, /7 rows are written/);
    assert.match(written.html, /href="\/api\/imports\/\d+\/result"/);
    assert.ok((await usernames()).includes('chloe'));
    const result = await browser.get(/\/api\/imports\/\d+\/result/.exec(written.html)?.[0] ?? '');
    assert.match(result.html, /^username,sip_uri,status/);
  });

  test('asks in place in which country numbers without a country code are dialled, and says how it read them', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => `national${index},06 12 34 57 ${10 + (index % 90)}\n`);
    const path = await paste(`username,phone\n${rows.join('')}`);
    const asked = await browser.get(path);
    assert.match(asked.html, /60 numbers have no country code, and nothing says where they are dialled/);
    assert.match(asked.html, /href="\/admin\/spaces\/[^"]*\/settings"/);
    assert.ok(asked.html.length < 60_000, `${asked.html.length} characters`);
    assert.equal((await browser.post(path, { country: 'FR', action: 'check' })).status, 303);
    const read = await browser.get(path);
    assert.match(read.html, /60 new/);
    assert.match(read.html, /<td class="number">\+33612345710</);
    assert.match(read.html, /So 06 12 34 56 78 is read as \+33612345678\./);
    assert.match(read.html, /<option value="FR" selected>France/);
    await browser.post(path, { country: '', action: 'check' });
    assert.match((await browser.get(path)).html, /60 to correct/);
    await browser.post(path, { country: 'xx', action: 'discard' });
  });

  test('reads numbers as dialled in the country of the space, and shows that', async () => {
    await t.api('PUT', '/api/spaces/sip.example.test', { phone_country: 'DE' });
    const path = await paste('username,phone\nberlin,030 1234567\n');
    const { html } = await browser.get(path);
    assert.match(html, /<td class="number">\+49301234567</);
    assert.match(html, /<option value="DE" selected>Germany/);
    const rounded = await browser.get(await paste('username,phone\nround,"4,93E+10"\n'));
    assert.match(rounded.html, /Type it in full, such as 01512 3456789\./);
    await t.api('PUT', '/api/spaces/sip.example.test', { phone_country: null });
  });

  test('shows at most fifty rows on a page', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => `u${index},Last ${index},First,u${index}@firm,Sales\n`);
    const { html } = await browser.get(await paste(`username,last_name,first_name,email,department\n${rows.join('')}`));
    assert.equal(html.match(/<tr data-line/g)?.length, 50);
    assert.ok(html.length < 60_000, `${html.length} characters`);
    assert.match(html, /<a rel="next"/);
  });

  test('leaves rows out, and imports the good ones', async () => {
    const path = await paste('username,phone\nkept,\nwrong,201\nworse,202\n');
    assert.equal((await browser.post(path, { leave: '3' })).status, 303);
    assert.match((await browser.get(path)).html, /<b>1 to correct<\/b>/);
    assert.equal((await browser.post(path, { action: 'import' })).status, 303);
    const { html } = await browser.get(path);
    assert.match(html, /1 row is written/);
    assert.match(html, /Correct this row/);
    const mended = { line: '4', username: 'worse', phone: '', action: 'import' };
    assert.equal((await browser.post(path, mended)).status, 303);
    assert.match((await browser.get(path)).html, /2 rows are written/);
    const names = await usernames();
    assert.deepEqual([names.includes('kept'), names.includes('worse'), names.includes('wrong')], [true, true, false]);
  });

  test('never shifts the cells of a row that nobody corrected', async () => {
    const path = await paste('username,name,note\nfirst,First,\nweber,Weber, Max,Sales\n');
    const untouched = { line: '3', username: 'weber', name: 'Weber', note: ' Max' };
    for (const action of ['check', 'import']) {
      assert.equal((await browser.post(path, { ...untouched, action })).status, 303);
      assert.match((await browser.get(path)).html, /This row has 4 cells/, action);
    }
    const names = await usernames();
    assert.deepEqual([names.includes('first'), names.includes('weber')], [true, false]);
    assert.equal((await browser.post(path, { ...untouched, note: 'Max, Sales', action: 'import' })).status, 303);
    assert.ok((await usernames()).includes('weber'));
  });

  test('does not undo what somebody else has corrected since the page was opened', async () => {
    const path = await paste(
      'password,username,email,phone\nfirst password,one,not an address,201\nother password,two,two@example.com,202\n',
    );
    const opened = async () => formFields((await browser.get(path)).html, 'line');
    const send = async (fields: URLSearchParams, index: number, name: string, value: string) => {
      const values = fields.getAll(name);
      fields.delete(name);
      for (const [at, each] of values.entries()) fields.append(name, at === index ? value : each);
      fields.set('action', 'check');
      assert.equal((await browser.post(path, fields)).status, 303);
    };
    const [mine, theirs] = [await opened(), await opened()];
    await send(theirs, 0, 'email', 'one@example.com');
    await send(mine, 1, 'phone', '+33601020302');
    const { html } = await browser.get(path);
    assert.match(html, /<b>1 to correct<\/b>/);
    assert.equal(attributeOf(html, /name="email"/, 'value'), 'one@example.com');
    await send(await opened(), 0, 'phone', '+33601020301');
    assert.match((await browser.get(path)).html, /2 new/);
  });

  test('shows a line break in a cell as a space, and keeps the cell unless something else is typed', async () => {
    const path = await paste('username,name,phone\nbroken,"Two\r\nlines",202\n');
    const mended = { line: '2', username: 'broken', name: 'Two lines', phone: '' };
    assert.match((await browser.get(path)).html, /name="name" value="Two lines"/);
    assert.equal((await browser.post(path, { ...mended, action: 'import' })).status, 303);
    const [{ display_name: name }] = (await t.api('GET', '/api/accounts?search=broken')).json.data;
    assert.equal(name, 'Two lines');
  });

  test('accepts a cell without the line break that was in it', async () => {
    const path = await paste('username,email,note\n"line\r\nbreak","me@\nbreak.example","Two\nlines"\n');
    const { html } = await browser.get(path);
    assert.match(html, /name="username" value="line break"/);
    assert.match(html, /name="email" value="me@ break.example"/);
    assert.match(textOf(html), /Use only small letters .*Write one address/);
    assert.doesNotMatch(html, /U\+000/);
    const mended = { line: '2', username: 'linebreak', email: 'me@break.example', note: 'Two lines', action: 'import' };
    assert.equal((await browser.post(path, mended)).status, 303);
    const [{ username, email, note }] = (await t.api('GET', '/api/accounts?search=linebreak')).json.data;
    assert.deepEqual([username, email, note], ['linebreak', 'me@break.example', 'Two lines']);
  });

  test('accepts a note or group of several lines as it is', async () => {
    const path = await paste('username,note,group\nseveral,"Reception\r\n2nd floor","North\nwing"\n');
    assert.doesNotMatch((await browser.get(path)).html, /to correct/);
    assert.equal((await browser.post(path, { action: 'import' })).status, 303);
    const [{ note, group }] = (await t.api('GET', '/api/accounts?search=several')).json.data;
    assert.deepEqual([note, group], ['Reception 2nd floor', 'North wing']);
    assert.match(
      (await browser.get(await paste('username,note\nseveral,"Reception\n2nd floor"\n'))).html,
      /1 unchanged/,
    );
  });

  test('handles other requests between the rows of a large file', async () => {
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    const rows = Array.from({ length: 4_000 }, (_, index) => `turn${index},201\n`);
    count();
    await paste(`username,phone\n${rows.join('')}`);
    isOver = true;
    assert.ok(turns > 40, `${turns} turns`);
  });

  test('names the person who wrote the rows in the timeline, not the person who pasted them', async () => {
    const { location = '' } = await browser.post('/admin/import', { text: 'username,name\nhelped,Helped' });
    await t.makeAccount({ username: 'colleague', password: 'right', admin: true, activated: true });
    const colleague = panelBrowser(t, '192.0.2.77');
    await colleague.signIn('colleague', 'right');
    assert.equal((await colleague.post(location, { action: 'import' })).status, 303);
    const [{ id }] = (await t.api('GET', '/api/accounts?search=helped')).json.data;
    const events = (await t.api('GET', `/api/accounts/${id}/events`)).json;
    assert.match(JSON.stringify(events), /account-created[^{]*colleague|colleague[^{]*account-created/);
  });

  test('lets one of two people who correct a row at once succeed, and tells the other', async () => {
    await t.makeAccount({ username: 'second', password: 'right', admin: true, activated: true });
    const colleague = panelBrowser(t, '192.0.2.78');
    await colleague.signIn('second', 'right');
    for (const round of [1, 2, 3]) {
      const path = await paste(`username,phone\nraced${round},201\n`);
      const mend = (who: PanelBrowser, digit: number) =>
        who.post(path, { line: '2', username: `raced${round}`, phone: `+3360102030${digit}`, action: 'import' });
      const answers = await Promise.all([mend(browser, 1), mend(colleague, 2)]);
      const won = answers.filter(({ status }) => status === 303);
      assert.ok(won.length >= 1);
      assert.ok(answers.every(({ status }) => status === 303 || status === 409));
      assert.ok(await waitUntil(async () => /1 row is written/.test((await browser.get(path)).html)));
      const { json } = await t.api('GET', `/api/accounts?search=raced${round}`);
      assert.equal(json.data.length, 1);
      await t.api('DELETE', `/api/accounts/${json.data[0].id}`);
    }
  });

  test('says in the form that a table is too large', async () => {
    const lines = await browser.post('/admin/import', { text: `username\n${'\n'.repeat(500_001)}` });
    assert.equal(lines.status, 413);
    assert.match(lines.html, /There are more than 500000 lines/);
    assert.match(lines.html, /<textarea id="text"[^>]*aria-invalid="true"/);
  });

  test('discards an import', async () => {
    const path = await paste('username\nnever\n');
    assert.equal((await browser.post(path, { action: 'discard' })).location, '/admin/import');
    assert.match((await browser.get(path)).html, /This import was discarded/);
    assert.equal((await browser.post(path, { action: 'import' })).status, 409);
    assert.ok(!(await usernames()).includes('never'));
  });

  test('says on the same page what is wrong with a file, and keeps the pasted text', async () => {
    const { status, html } = await browser.post('/admin/import', { text: 'fruit,colour\nplum,"blue"\n' });
    assert.equal(status, 422);
    assert.match(html, /The first line names no column of accounts/);
    assert.match(
      html,
      /<textarea id="text"[^>]*aria-invalid="true"[^>]*>\nfruit,colour\nplum,&#34;blue&#34;|plum,&quot;blue&quot;/,
    );
  });

  test('never shows a password, and shows hostile cells as text only', async () => {
    const hostile = '"><img src=x onerror=alert(1)>';
    const quoted = `"${hostile.replaceAll('"', '""')}"`;
    const file = `username,name,password,${quoted}\nbad name,${quoted},topsecret99,x\n`;
    const { html } = await browser.get(await paste(file));
    assert.doesNotMatch(html, /<img/);
    assert.doesNotMatch(html, /topsecret99/);
    const list = await browser.get('/admin/import');
    assert.doesNotMatch(list.html, /<img/);
  });

  test('names the accounts that would become administrators', async () => {
    const path = await paste('username,name,admin\nboss,The Boss,yes\n', { allow_admin: 'true' });
    assert.match((await browser.get(path)).html, /This row changes an administrator: The Boss/);
  });

  test('asks for the password again before it makes an administrator, and keeps what was corrected', async () => {
    const path = await paste('username,name,admin,phone\nchief,The Chief,yes,201\n', { allow_admin: 'true' });
    t.advance(11 * 60_000);
    const mended = { line: '2', username: 'chief', name: 'The Chief', admin: 'yes', phone: '+33601020399' };
    const sent = { ...mended, on_duplicate: 'refuse', allow_admin: 'true', action: 'import' };
    for (const password of [undefined, 'wrong']) {
      const asked = await browser.post(path, {
        ...sent,
        ...(password === undefined ? {} : { current_password: password }),
      });
      assert.equal(asked.status, 422);
      assert.match(
        asked.html,
        /id="current_password" name="current_password" type="password"[^>]* aria-invalid="true"/,
      );
      assert.match(asked.html, /\+33601020399/);
      assert.match((await browser.get(path)).html, /\+33601020399/);
      assert.ok(!(await usernames()).includes('chief'));
    }
    assert.equal((await browser.post(path, { ...sent, current_password: 'administrator' })).status, 303);
    const { json } = await t.api('GET', '/api/accounts?search=chief');
    assert.equal(json.data[0].admin, true);
  });

  test('exports those accounts that the list shows', async () => {
    await t.makeAccount({ display_name: 'Only One', group: 'Ones' });
    // Of fewer than three characters, the list looks for the beginning of a name only.
    await t.makeAccount({ display_name: 'Simon', group: 'Ones' });
    for (const query of ['search=Only%20One', 'search=on', 'search=on&group=Ones', 'group=Ones', 'filter=never']) {
      const { html } = await browser.get(`/admin/accounts?${query}`);
      const [, address = ''] = /href="([^"]*\/accounts\/export\?[^"]*)"/.exec(html) ?? [];
      const exported = await browser.get(
        address.replaceAll('&#61;', '=').replaceAll('&#38;', '&').replaceAll('&amp;', '&'),
      );
      const [, ...lines] = exported.html.trimEnd().split('\r\n');
      const shown = [...html.matchAll(/<tr[^>]* data-id="(\d+)"/g)].map(([, id]) => Number(id));
      const usernames = await findUsernames(t.app.database, shown);
      assert.notEqual(shown.length, 0, query);
      assert.deepEqual(
        lines.map((line) => line.split(',')[0]),
        shown.map((id) => usernames.get(id)),
        query,
      );
    }
  });

  test('exports the accounts in view as a table that it reads as unchanged', async () => {
    const exported = await browser.get('/admin/accounts/export');
    assert.match(String(exported.headers['content-disposition']), /accounts\.csv/);
    const { html } = await browser.get(await paste(exported.html));
    assert.match(html, /unchanged/);
    assert.doesNotMatch(html, /to correct|\d new/);
  });
});
