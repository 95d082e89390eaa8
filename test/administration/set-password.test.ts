import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { callerOfSession } from '../../src/access/sessions.ts';
import { signInByPassword } from '../../src/access/sign-in-by-password.ts';
import { getAccount } from '../../src/accounts/account-store.ts';
import { setOwnPassword, setPassword } from '../../src/administration/set-password.ts';
import type { App } from '../../src/app.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';

const browser = { address: '192.0.2.9', agent: 'a browser' };

forEachDatabase('a password that a person sets in the panel', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const signedIn = async () => {
    const { username } = await t.makeAccount({ password: 'secret' });
    const wish = { name: username, password: 'secret', host: undefined, browser };
    const { secret } = (await signInByPassword(t.app, wish)) ?? assert.fail();
    const caller = (await callerOfSession(t.app, secret)) ?? assert.fail();
    return { caller, secret };
  };
  const kindsSince = async (before: number) => (await changesAfter(t.app, before)).map(({ kind }) => kind);
  const fields = { old_password: 'secret', password: 'renewed' };

  test('issues a code, and gives the session that asks a new secret', async () => {
    const { caller, secret } = await signedIn();
    const before = await latestEvent(t.app);
    const renewed = await setOwnPassword(t.app, { caller, fields, address: browser.address });
    assert.deepEqual(await kindsSince(before), ['password-changed', 'token-issued']);
    assert.equal(await callerOfSession(t.app, secret), undefined);
    const { session } = (await callerOfSession(t.app, renewed ?? '')) ?? assert.fail();
    assert.equal(session?.id, caller.session?.id);
  });

  test('keeps the session of another person', async () => {
    const { caller, secret } = await signedIn();
    const account = await t.makeAccount();
    const found = { account, space: caller.space };
    assert.equal(await setPassword(t.app, caller, found, { password: 'renewed' }), undefined);
    assert.equal((await callerOfSession(t.app, secret))?.account.id, caller.account.id);
  });

  test('is not set if its code cannot be created', async () => {
    const { caller, secret } = await signedIn();
    const codes = {
      make() {
        throw new Error('no code');
      },
    };
    const failing = Object.create(t.app, { codes: { value: codes } }) as App;
    const before = await latestEvent(t.app);
    await assert.rejects(setOwnPassword(failing, { caller, fields, address: browser.address }), /no code/);
    await assert.rejects(setPassword(failing, caller, caller, { password: 'renewed' }), /no code/);
    assert.deepEqual(await kindsSince(before), []);
    assert.deepEqual((await getAccount(t.app.database, caller.account.id)).ha1s, caller.account.ha1s);
    assert.notEqual(await callerOfSession(t.app, secret), undefined);
  });
});
