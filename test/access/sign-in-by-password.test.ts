import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signInByPassword } from '../../src/access/sign-in-by-password.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('a sign-in by password', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  test('fails with the same code for an unknown name, a wrong password and a blocked account', async () => {
    const known = await t.makeAccount({ password: 'secret' });
    const blocked = await t.makeAccount({ password: 'secret' });
    await t.api('POST', `/api/accounts/${blocked.id}/block`);
    for (const [name, password] of [
      ['nobody', 'secret'],
      [known.username, 'guessed'],
      [blocked.username, 'secret'],
    ] as const) {
      const signIn = { name, password, host: undefined, browser: { address: '192.0.2.9', agent: 'a browser' } };
      await assert.rejects(signInByPassword(t.app, signIn), {
        code: 'fields-invalid',
        facts: { fields: { password: [{ code: 'wrong-sign-in' }] } },
        message: 'password or user name is wrong, or the account is blocked.',
      });
    }
  });
});
