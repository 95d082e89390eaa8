import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import type { Json } from '../support/json.ts';

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly json: Json;
}

forEachDatabase('POST /api/accounts/import', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const send = async (file: string | Buffer, query = '', key = t.adminKey): Promise<Reply> => {
    const answer = await t.server.inject({
      method: 'POST',
      url: `/api/accounts/import${query}`,
      headers: { 'x-api-key': key, 'content-type': 'text/csv' },
      payload: file,
    });
    return { status: answer.statusCode, headers: answer.headers, text: answer.body, json: answer.json() };
  };
  const resultOf = async (id: number) => {
    const { body } = await t.server.inject({ url: `/api/imports/${id}/result`, headers: { 'x-api-key': t.adminKey } });
    return body
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','));
  };
  const accounts = async (search: string): Promise<Json[]> =>
    (await t.api('GET', `/api/accounts?search=${encodeURIComponent(search)}`)).json.data;

  test('creates accounts with codes, and reports the result of each row', async () => {
    const file =
      'username;name;email;phone;note;group;language\r\n' +
      'Ada;Ada One;ada@x.example;+33 6 01 02 03 04;desk;Sales;fr_FR\r\n;Béa Öz;bea@x.example;;;;\r\n';
    const { status, json } = await send(Buffer.from(file, 'latin1'));
    assert.equal(status, 200, JSON.stringify(json));
    const { id, ...rest } = json;
    assert.deepEqual(rest, {
      state: 'done',
      rows: 2,
      create: 2,
      update: 0,
      unchanged: 0,
      skipped: 0,
      refused: 0,
      problems: [],
      ignored_columns: [],
      dry_run: false,
    });
    const [ada] = await accounts('ada');
    assert.deepEqual([ada.phone, ada.note, ada.group, ada.language], ['+33601020304', 'desk', 'Sales', 'fr']);
    assert.equal((await send(Buffer.from(file, 'latin1'))).json.unchanged, 2);
    assert.equal((await accounts('bea'))[0].display_name, 'Béa Öz');
    const [head, first, second] = await resultOf(id);
    assert.deepEqual(head, ['username', 'sip_uri', 'status', 'password', 'provisioning_url', 'expires_at']);
    assert.deepEqual(first?.slice(0, 4), ['ada', 'sip:ada@sip.example.test', 'created', '']);
    assert.equal(second?.[0], 'bea');
    const document = await t.server.inject({ url: new URL(first?.[4] ?? '').pathname });
    assert.match(document.body, /Ada One/);
  });

  test('reports every row of the same file as unchanged the second time, in every mode', async () => {
    const file = 'username,name,email,password\nsame,Same,same@x.example,secret99\n,Else,else@x.example,\n';
    assert.equal((await send(file)).json.create, 2);
    for (const mode of ['refuse', 'skip', 'update']) {
      const { status, json } = await send(file, `?on_duplicate=${mode}`);
      assert.equal(status, 200, JSON.stringify(json));
      assert.equal(json.unchanged, 2);
    }
    assert.equal((await accounts('else')).length, 1);
  });

  test('refuses, skips or updates accounts that exist and differ from their rows', async () => {
    await send('username,name,email\nold,Old,old@x.example\n');
    const file = 'username,name,email\nold,New,\n';
    const refused = await send(file);
    assert.equal(refused.status, 422);
    assert.equal(refused.json.state, 'refused');
    assert.equal(refused.json.code, 'import-rows-refused');
    assert.match(refused.json.message, /^Nothing was written: 1 of 1 rows has a mistake/);
    assert.deepEqual(
      refused.json.problems.map(({ line, column }: Json) => [line, column]),
      [[2, 'username']],
    );
    assert.equal((await send(file, '?on_duplicate=skip')).json.skipped, 1);
    assert.equal((await accounts('old'))[0].display_name, 'Old');
    assert.equal((await send(file, '?on_duplicate=update')).json.update, 1);
    const [account] = await accounts('old');
    assert.equal(account.display_name, 'New');
    assert.equal(account.email, 'old@x.example');
  });

  test('writes nothing if a row is refused, but writes the other rows with partial', async () => {
    const file = 'username,name,email,phone\ngood,Good,good@x.example,\nbad name,Chlo?,"a,b@x",201\n';
    const { status, json } = await send(file);
    assert.equal(status, 422);
    assert.deepEqual(
      json.problems.map(({ column, value }: Json) => [column, value]),
      [
        ['username', 'bad name'],
        ['name', 'Chlo?'],
        ['email', 'a,b@x'],
        ['phone', '201'],
      ],
    );
    assert.equal((await accounts('good')).length, 0);
    const partly = await send(file, '?partial=true');
    assert.equal(partly.status, 200);
    assert.deepEqual([partly.json.create, partly.json.refused], [1, 1]);
    assert.equal((await accounts('good')).length, 1);
  });

  test('only checks with dry_run, and returns the same object', async () => {
    const { status, json } = await send('username,email\ndry,dry@x.example\ndry2,dry@X.example\n', '?dry_run=true');
    assert.equal(status, 200);
    assert.deepEqual([json.state, json.create, json.refused, json.dry_run], ['checked', 1, 1, true]);
    assert.match(json.problems[0].message, /^email is in line 2 too\.$/);
    assert.equal((await accounts('dry')).length, 0);
    const { json: again } = await t.api('GET', `/api/imports/${json.id}`);
    assert.deepEqual(again, json);
  });

  test('creates no administrator without allow_admin', async () => {
    const file = 'username,admin\nchief,yes\n';
    assert.deepEqual((await send(file)).json.problems[0].column, 'admin');
    assert.equal((await send(file, '?allow_admin=true')).status, 200);
    assert.equal((await accounts('chief'))[0].admin, true);
  });

  test('derives user names from mail addresses and names, and adds a number to a name that is taken', async () => {
    await send('username\nzoe.gr\n');
    const file = 'name,email\nZoë Gr,zoe.gr@x.example\nZoë Gr,\nŁukasz Wójcik,\n李,\n';
    const { json } = await send(file, '?partial=true');
    assert.deepEqual([json.create, json.refused], [3, 1]);
    assert.deepEqual(
      (await resultOf(json.id)).slice(1).map(([username]) => username),
      ['zoe.gr2', 'zoe.gr3', 'lukasz.wojcik', ''],
    );
  });

  test('creates external accounts, and accepts HA1s in place of passwords', async () => {
    const ha1 = 'ab'.repeat(16);
    const header = 'username,ha1,external_username,external_domain,external_password';
    const file = `${header}\nlinked,${ha1},out,other.example,pass99\n`;
    assert.equal((await send(file)).json.create, 1);
    const [account] = await accounts('linked');
    assert.deepEqual(account.passwords, [{ algorithm: 'MD5' }]);
    assert.equal((await t.api('GET', `/api/accounts/${account.id}/external`)).json.domain, 'other.example');
    assert.equal((await send(file)).json.unchanged, 1);
    const changed = file.replace('pass99', 'pass98').replace(ha1, 'cd'.repeat(16));
    assert.equal((await send(changed, '?on_duplicate=update')).json.update, 1);
    assert.equal((await send(changed)).json.unchanged, 1);
  });

  test('refuses a file that is not a table, with dry_run too, and stores nothing', async () => {
    const before = await t.app.database.selectFrom('imports').select('id').execute();
    for (const query of ['', '?dry_run=true']) {
      const { status, json } = await send(Buffer.from('PK\u0003\u0004…'), query);
      assert.equal(status, 422);
      assert.equal(json.code, 'import-refused');
    }
    assert.equal((await send('fruit,colour\nplum,blue\n')).status, 422);
    assert.equal((await send('email,email\na@x.example,b@x.example\n')).status, 422);
    assert.deepEqual(await t.app.database.selectFrom('imports').select('id').execute(), before);
  });

  test('accepts at most 20 MB and 100,000 rows', async () => {
    assert.equal((await send(`username\n${'a\n'.repeat(100_001)}`)).status, 413);
    assert.equal((await send(Buffer.alloc(20 * 1024 * 1024 + 1, 'a'))).status, 413);
  });

  test('refuses a mail address, number or user name that another account or row has', async () => {
    await send('username,email,phone\nowner,owner@x.example,+33601020399\n');
    const file =
      'username,email,phone\nthief,OWNER@x.example,+33 6 01 02 03 99\ntwin,t@x.example,\ntwin,u@x.example,\n';
    const { json } = await send(file);
    assert.deepEqual(
      json.problems.map(({ line, column }: Json) => [line, column]),
      [
        [2, 'email'],
        [2, 'phone'],
        [4, 'username'],
      ],
    );
  });

  test('creates each account once if two requests import one file at the same time', async () => {
    const rows = Array.from({ length: 150 }, (_, index) => `twice${index},t${index}@x.example`);
    const file = `username,email\n${rows.join('\n')}\n`;
    const both = await Promise.all([send(file), send(file)]);
    assert.deepEqual(
      both.map(({ status }) => status),
      [200, 200],
    );
    const created = both.reduce((sum, { json }) => sum + json.create, 0);
    assert.equal(created, 150);
    assert.equal(
      both.reduce((sum, { json }) => sum + json.unchanged, 0),
      150,
    );
  });

  test('erases the rows and their contents after a day', async () => {
    const { json } = await send('username,password\nshort.lived,hidden99\n', '?dry_run=true');
    const stored = JSON.stringify(await t.app.database.selectFrom('import_rows').selectAll().execute());
    assert.doesNotMatch(stored, /hidden99|short\.lived/);
    t.advance(86_400_001);
    const { eraseImports } = await import('../../src/importing/revise-import.ts');
    await eraseImports(t.app);
    assert.deepEqual(await t.app.database.selectFrom('import_rows').selectAll().execute(), []);
    const { json: after } = await t.api('GET', `/api/imports/${json.id}`);
    assert.deepEqual([after.state, after.problems], ['discarded', []]);
  });

  test('mails new accounts their codes on request, and mails no other account', async () => {
    const file = 'username,email\nmailed,mailed@x.example\nunmailed,\n';
    const refused = await send(file, '?invite=true');
    assert.deepEqual([refused.status, refused.json.code], [409, 'no-mail-server']);
    await t.setSpace({ smtp_url: 'smtp://127.0.0.1:2525', mail_from: 'phones@example.test' });
    await send('username,email\nwas.there,there@x.example\n');
    const { json } = await send(`${file}was.there,new@x.example\n`, '?invite=true&on_duplicate=update');
    assert.deepEqual([json.create, json.update], [2, 1]);
    const mails = await t.app.database.selectFrom('mails').select(['recipient', 'account_id']).execute();
    assert.deepEqual(
      mails.map(({ recipient }) => recipient),
      ['mailed@x.example'],
    );
    const { json: tokens } = await t.api('GET', `/api/accounts/${mails[0]?.account_id}/tokens`);
    assert.equal(tokens.length, 1);
  });

  test('is open only to administrators of the space', async () => {
    await t.api('POST', '/api/spaces', { domain: 'else.example.test' });
    const { json } = await send('username\nelsewhere\n', '?space=else.example.test');
    assert.equal(json.state, 'done');
    assert.equal((await accounts('elsewhere'))[0].domain, 'else.example.test');
    assert.equal((await send('username\nx\n', '?space=none.example.test')).status, 422);
    assert.equal((await t.api('GET', '/api/imports/999999')).status, 404);
  });
});
