import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Caller } from '../../src/access/caller.ts';
import { createApiKey, grantApiKey } from '../../src/access/create-api-key.ts';
import { listApiKeys, revokeApiKey } from '../../src/access/manage-api-keys.ts';
import type { Account } from '../../src/accounts/account.ts';
import { blockAccount } from '../../src/administration/block-account.ts';
import { updateAccount } from '../../src/administration/update-account.ts';
import { operator } from '../../src/events/actor.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('API keys for administrators', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  /** A caller as the server knew it when the request came. */
  const administrator = async (): Promise<Caller> => {
    const account = await t.makeAccount({ admin: true, activated: true });
    const { key } = await createApiKey(t.app, operator, account, {});
    return { account, space: t.app.spaces.first, rights: 'account', by: 'api-key', key };
  };
  const change = (account: Account, changes: Parameters<typeof updateAccount>[3]) =>
    updateAccount(t.app, operator, { account, space: t.app.spaces.first }, changes);

  const cases: readonly [string, (caller: Caller) => Promise<unknown>, string, message?: RegExp][] = [
    ['was demoted', ({ account }) => change(account, { admin: false }), 'not-allowed'],
    ['was deactivated', ({ account }) => change(account, { activated: false }), 'not-allowed'],
    [
      'was blocked',
      ({ account }) => blockAccount(t.app, operator, account, { revokeDevices: false }),
      'account-blocked',
    ],
    [
      'lost the API key',
      async ({ account, key }) => revokeApiKey(t.app, operator, { account }, String(key?.id ?? assert.fail())),
      'authentication-required',
      /^The password, API key or session of this request has just ended: /,
    ],
  ];
  for (const [what, happens, code, message] of cases) {
    test(`are not created by an administrator who ${what} meanwhile`, async () => {
      const [caller, other] = [await administrator(), await t.makeAccount({ admin: true, activated: true })];
      await happens(caller);
      await assert.rejects(grantApiKey(t.app, caller, other, {}), message === undefined ? { code } : { code, message });
      assert.deepEqual(await listApiKeys(t.app, other), []);
    });
  }

  test('are all created if two administrators create them for themselves and for each other at once', async () => {
    const [one, other] = [await administrator(), await administrator()];
    const pairs = [one, other].flatMap((caller) => [one, other].map(({ account }) => ({ caller, account })));
    const keys = await Promise.all(
      [...pairs, ...pairs].map(({ caller, account }) => grantApiKey(t.app, caller, account, {})),
    );
    assert.equal(new Set(keys.map(({ secret }) => secret)).size, 8);
  });
});
