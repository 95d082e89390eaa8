import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Caller } from '../../src/access/caller.ts';
import { confirmByPassword } from '../../src/access/confirm-by-password.ts';
import { callerOfSession, endSession } from '../../src/access/sessions.ts';
import { signInByPassword } from '../../src/access/sign-in-by-password.ts';
import { changeOwnPassword } from '../../src/administration/change-own-password.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

const browser = { address: '192.0.2.9', agent: 'a browser' };

forEachDatabase('a session that ends while its request runs', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const endedCaller = async (): Promise<Caller> => {
    const { username, id } = await t.makeAccount({ password: 'secret' });
    const wish = { name: username, password: 'secret', host: undefined, browser };
    const { secret } = await signInByPassword(t.app, wish);
    const caller = (await callerOfSession(t.app, secret)) ?? assert.fail();
    await endSession(t.app, id, caller.session?.id ?? assert.fail());
    return caller;
  };

  test('is not confirmed by the right password', async () => {
    const given = { password: 'secret', address: browser.address };
    await assert.rejects(confirmByPassword(t.app, await endedCaller(), given), { code: 'session-required' });
  });

  test('changes no password', async () => {
    const caller = await endedCaller();
    const fields = { old_password: 'secret', password: 'renewed' };
    await assert.rejects(changeOwnPassword(t.app, { caller, fields, address: browser.address }), {
      code: 'session-required',
    });
    const wish = { name: caller.account.username, password: 'secret', host: undefined, browser };
    assert.ok(await signInByPassword(t.app, wish));
  });
});
