import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accountChangesShape } from '../../src/accounts/account-fields.ts';
import { externalAccountShape } from '../../src/accounts/external-account-fields.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import type { Json } from '../support/json.ts';

const { username, display_name, email, phone, note, group, password } = accountChangesShape.properties;
const external = externalAccountShape.properties;

/** A column, the field whose length it has, and what a value begins and ends with. */
const columns: readonly (readonly [column: string, field: object, begin?: string, end?: string])[] = [
  ['username', username],
  ['name', display_name],
  ['email', email, '', '@x.example'],
  ['phone', phone, '+3360102'],
  ['note', note],
  ['group', group],
  ['password', password],
  ['external_username', external.username],
  ['external_domain', external.domain, '', '.example'],
  ['external_password', external.password],
  ['external_registrar', external.registrar, 'sip:pbx.example.com;x='],
];
const whole = { external_username: '200', external_domain: 'pbx.example.com', external_password: 'outside' };

forEachDatabase('an import', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.setSpace({ username_pattern: '^.+$' });
  });
  after(() => t.close());

  const send = async (row: Readonly<Record<string, string>>): Promise<Json> => {
    const headers = { 'x-api-key': t.adminKey, 'content-type': 'text/csv' };
    const payload = `${Object.keys(row).join()}\n${Object.values(row).join()}\n`;
    return (
      await t.server.inject({ method: 'POST', url: '/api/accounts/import?on_duplicate=update', headers, payload })
    ).json();
  };

  for (const [column, field, begin = '', end = ''] of columns) {
    test(`refuses a value of ${column} that is one character longer than the API takes`, async () => {
      const maxLength = Number(Reflect.get(field, 'maxLength'));
      const value = begin.padEnd(maxLength + 1 - end.length, '1') + end;
      const present = await t.makeAccount();
      for (const name of column === 'username' ? [''] : ['fresh', present.username]) {
        const row = { username: name, ...(column.startsWith('external') ? whole : {}), [column]: value };
        const { problems } = await send(row);
        assert.deepEqual(
          problems.map((problem: Json) => problem.column),
          [column],
        );
      }
    });
  }
});
