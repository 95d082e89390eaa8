import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';

const fields = { username: 'zoe', password: 'secret' };

forEachDatabase('a refusal', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const refusals = [
    [
      'username',
      { ...fields, username: 'Zoe B' },
      /^"Zoe B" may have only small letters .* \(the space's username_pattern\)$/,
    ],
    ['username', { ...fields, username: 'a\u202eb' }, /^"a<U\+202E>b" may have only .*username_pattern/],
    [
      'password',
      { ...fields, password: 'ab' },
      /^must have at least 3 characters \(the space's password_min_length\)$/,
    ],
    ['phone', { ...fields, phone: '0601\u200b02x' }, /^"0601<U\+200B>02x" must be .* the space's phone_country allows/],
  ] as const;
  for (const [field, body, expected] of refusals) {
    test(`names the setting that would allow the ${field} of ${JSON.stringify(body)}`, async () => {
      const before = await dumpDatabase(t.app.database);
      const { status, json } = await t.api('POST', '/api/accounts', body);
      assert.equal(status, 422);
      assert.match(json.errors[field][0], expected);
      assert.deepEqual(await dumpDatabase(t.app.database), before);
    });
  }

  test('names max_accounts when a space has too many accounts', async () => {
    await t.setSpace({ max_accounts: 1 });
    const { status, json } = await t.api('POST', '/api/accounts', fields);
    assert.equal(status, 403);
    assert.match(json.message, /raise max_accounts/);
    await t.setSpace({ max_accounts: 0 });
  });

  test('a number without a country code is read with the phone_country of its space', async () => {
    const url = '/api/spaces/sip.example.test';
    assert.equal((await t.api('PUT', url, { phone_country: 'de' })).json.phone_country, 'DE');
    for (const phone of [
      '0221 5551000',
      '(0221) 555-10.00',
      '0221/5551000',
      '+49 (0)221 5551000',
      '+492215551000\r\n',
    ]) {
      const { json } = await t.api('POST', '/api/accounts', { ...fields, phone });
      assert.equal(json.phone, '+492215551000', phone);
      await t.api('DELETE', `/api/accounts/${json.id}`);
    }
    const foreign = await t.api('POST', '/api/accounts', { ...fields, phone: '+33 6 01 02 03 12' });
    assert.equal(foreign.json.phone, '+33601020312');
    assert.equal((await t.api('PUT', url, { phone_country: null })).json.phone_country, null);
    for (const phone_country of ['XX', 'DEU', '1', '']) {
      const { status, json } = await t.api('PUT', url, { phone_country });
      assert.deepEqual([status, Object.keys(json.errors)], [422, ['phone_country']]);
    }
  });
});
