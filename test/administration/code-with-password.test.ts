import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { actorOf, type Caller, ownSession } from '../../src/access/caller.ts';
import { callerOfSession } from '../../src/access/sessions.ts';
import { signInByPassword } from '../../src/access/sign-in-by-password.ts';
import type { AccountInSpace } from '../../src/accounts/account.ts';
import { getAccount } from '../../src/accounts/account-store.ts';
import { changeOwnPassword } from '../../src/administration/change-own-password.ts';
import type { WithNewPassword } from '../../src/administration/new-password.ts';
import { type AccountUpdate, updateAccount } from '../../src/administration/update-account.ts';
import type { App } from '../../src/app.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';

const browser = { address: '192.0.2.9', agent: 'a browser' };

forEachDatabase('a new password', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const signedIn = async () => {
    const { username } = await t.makeAccount({ password: 'secret' });
    const wish = { name: username, password: 'secret', host: undefined, browser };
    const { secret } = await signInByPassword(t.app, wish);
    const caller = (await callerOfSession(t.app, secret)) ?? assert.fail();
    return { caller, secret };
  };
  const kindsSince = async (before: number) => (await changesAfter(t.app, before)).map(({ kind }) => kind);
  const fields = { old_password: 'secret', password: 'renewed' };
  const update = (app: App, caller: Caller, found: AccountInSpace, changes: AccountUpdate) => {
    const askedBy = { session: ownSession(caller, found.account)?.id };
    return updateAccount(app, actorOf(caller), found, { ...changes, askedBy });
  };

  const ways: Readonly<
    Record<string, (app: App, caller: Caller, ensuresCode: boolean) => Promise<Pick<WithNewPassword, 'session'>>>
  > = {
    'that its owner sets': (app, caller, ensuresCode) =>
      changeOwnPassword(app, { caller, fields, address: browser.address, ensuresCode }),
    'that comes with a change of the account': (app, caller, ensuresCode) =>
      update(app, caller, caller, { password: 'renewed', ensuresCode }),
  };
  for (const [how, set] of Object.entries(ways)) {
    test(`${how} issues a code if that is wished, and gives the session that asks a new secret`, async () => {
      const { caller, secret } = await signedIn();
      const before = await latestEvent(t.app);
      const { session: renewed } = await set(t.app, caller, true);
      assert.deepEqual(await kindsSince(before), ['password-changed', 'token-issued']);
      assert.equal(await callerOfSession(t.app, secret), undefined);
      const { session } = (await callerOfSession(t.app, renewed ?? '')) ?? assert.fail();
      assert.equal(session?.id, caller.session?.id);
    });

    test(`${how} issues no code if none is wished, or one is valid`, async () => {
      for (const ensuresCode of [false, true]) {
        const { caller } = await signedIn();
        if (ensuresCode) await t.makeToken(caller.account);
        const before = await latestEvent(t.app);
        await set(t.app, caller, ensuresCode);
        assert.deepEqual(await kindsSince(before), ['password-changed']);
      }
    });

    test(`${how} is not set if its code cannot be created`, async () => {
      const { caller, secret } = await signedIn();
      const codes = {
        make() {
          throw new Error('no code');
        },
      };
      const failing = Object.create(t.app, { codes: { value: codes } }) as App;
      const before = await latestEvent(t.app);
      await assert.rejects(set(failing, caller, true), /no code/);
      assert.deepEqual(await kindsSince(before), []);
      assert.deepEqual((await getAccount(t.app.database, caller.account.id)).ha1s, caller.account.ha1s);
      assert.notEqual(await callerOfSession(t.app, secret), undefined);
    });
  }

  test('keeps the session of another person', async () => {
    const { caller, secret } = await signedIn();
    const found = { account: await t.makeAccount(), space: caller.space };
    const { session } = await update(t.app, caller, found, { password: 'renewed', ensuresCode: true });
    assert.equal(session, undefined);
    assert.equal((await callerOfSession(t.app, secret))?.account.id, caller.account.id);
  });

  test('is what the wish for a code depends on', async () => {
    const { caller } = await signedIn();
    const before = await latestEvent(t.app);
    await update(t.app, caller, caller, { display_name: 'Renamed', ensuresCode: true });
    assert.deepEqual(await kindsSince(before), ['account-changed']);
  });
});
