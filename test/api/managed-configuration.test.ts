import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

const authority = readFileSync(new URL('../support/authority.pem', import.meta.url), 'utf8');
const url = '/api/spaces/sip.example.test/managed-configuration';

forEachDatabase('the payload for managed devices', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  test('has the form that Intune accepts for Android', async () => {
    const { status, headers, json } = await t.api('GET', `${url}?platform=android`);
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'application/json');
    assert.deepEqual(json, {
      kind: 'androidenterprise#managedConfiguration',
      productId: 'app:org.linphone',
      managedProperty: [{ key: 'configUri', valueString: 'https://ringup.example.test/provisioning' }],
    });
  });

  test('contains the certificate authority and the host of the space', async () => {
    await t.setSpace({ root_ca: authority, host: 'phones.example.test' });
    const { json } = await t.api('GET', `${url}?platform=android`);
    assert.deepEqual(json.managedProperty, [
      { key: 'configUri', valueString: 'https://phones.example.test/provisioning' },
      { key: 'rootCa', valueString: authority },
    ]);
  });

  test('is a dictionary of a property list for iOS', async () => {
    const { headers, text } = await t.api('GET', `${url}?platform=ios`);
    assert.equal(headers['content-type'], 'application/xml');
    assert.equal(
      text,
      `<dict>\n  <key>configUri</key>\n  <string>https://phones.example.test/provisioning</string>\n  <key>rootCa</key>\n  <string>${authority}</string>\n</dict>\n`,
    );
  });

  test('is refused for other platforms, and if phones fetch at every start', async () => {
    assert.equal((await t.api('GET', url)).status, 422);
    assert.equal((await t.api('GET', `${url}?platform=desktop`)).status, 422);
    await t.setSpace({ refetch: 'every-start' });
    const { status, json } = await t.api('GET', `${url}?platform=ios`);
    assert.equal(status, 409);
    assert.match(json.message, /refetch/);
  });

  for (const [what, root_ca] of [
    ['with a control character after it', `${authority}\0`],
    ['that is not a certificate', 'hello'],
    [
      'with a broken certificate beside it',
      `${authority}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
    ],
  ] as const) {
    test(`a certificate authority ${what} is refused`, async () => {
      assert.equal((await t.api('PUT', '/api/spaces/sip.example.test', { root_ca })).status, 422);
    });
  }
});
