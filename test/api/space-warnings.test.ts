import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

const domain = 'warned.example.test';

forEachDatabase('warnings of a space', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  test('are in the answers that create, change and show it, and disappear with their cause', async () => {
    const made = await t.api('POST', '/api/spaces', { domain, linphonerc: '[sip]\n\nuse_ipv6=yes\n' });
    assert.equal(made.status, 201, made.text);
    assert.deepEqual(made.json.warnings, [
      {
        rule: 'wrong-type',
        severity: 'error',
        file: `space ${domain}`,
        line: 3,
        column: 1,
        section: 'sip',
        key: 'use_ipv6',
        message: 'use_ipv6 must be 0 or 1, not yes',
        value: 'yes',
        meant: 'use_ipv6=1',
        effect: 'The phone reads it as 0, which means off.',
        remedy: 'Write use_ipv6=1.',
      },
    ]);
    const shown = await t.api('GET', `/api/spaces/${domain}`);
    assert.deepEqual(shown.json.warnings, made.json.warnings);
    const renamed = await t.api('PUT', `/api/spaces/${domain}`, { name: 'Warned' });
    assert.deepEqual(renamed.json.warnings, made.json.warnings);
    const mended = await t.api('PUT', `/api/spaces/${domain}`, { linphonerc: '[sip]\nuse_ipv6=1\n' });
    assert.equal(Object.hasOwn(mended.json, 'warnings'), false);
  });

  test('never contain the secret that they warn about', async () => {
    const { json, text } = await t.api('PUT', `/api/spaces/${domain}`, {
      linphonerc: '[auth_info_0]\nusername=a\npasswd=hunter2\n',
    });
    assert.equal(json.warnings[0].rule, 'secret-in-base');
    assert.equal(text.split('hunter2').length - 1, 1, 'in the linphonerc that was sent, and there alone');
  });
});
