import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { operator } from '../../src/events/actor.ts';
import { revokeAllTokens } from '../../src/tokens/revoke-token.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('revoking all codes of an account', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const events = async ({ id }: Account) =>
    (await t.api('GET', `/api/accounts/${id}/events?kind=token-revoked`)).json.data.map(
      ({ detail }: { detail: unknown }) => detail,
    );
  const revokedAt = async ({ id }: Account) => {
    const rows = await t.app.database.selectFrom('tokens').select('revoked_at').where('account_id', '=', id).execute();
    return rows.map(({ revoked_at }) => revoked_at);
  };

  test('records an event once', async () => {
    const account = await t.makeAccount();
    await t.makeToken(account);
    await revokeAllTokens(t.app, operator, account);
    assert.deepEqual(await events(account), [{ codes: 'all' }]);
    await revokeAllTokens(t.app, operator, account);
    assert.deepEqual(await events(account), [{ codes: 'all' }]);
  });

  test('records an event if a phone could still ask again, because its answer was lost', async () => {
    const [recent, earlier] = [await t.makeAccount(), await t.makeAccount()];
    for (const [account, count] of [
      [earlier, 0],
      [recent, 1],
    ] as const) {
      await t.server.inject({ url: `/provisioning/${await t.makeToken(account)}` });
      await t.app.deliveries.settleAll();
      await t.app.database
        .updateTable('tokens')
        .set({ outcome: 'lost' })
        .where('account_id', '=', account.id)
        .execute();
      if (count === 0) t.advance(6 * 60_000);
      await revokeAllTokens(t.app, operator, account);
      assert.equal((await events(account)).length, count);
    }
  });

  test('records no event if no code was valid, and still keeps a used one from being answered again', async () => {
    const [used, expired, without] = [await t.makeAccount(), await t.makeAccount(), await t.makeAccount()];
    await t.server.inject({ url: `/provisioning/${await t.makeToken(used)}` });
    await t.app.deliveries.settleAll();
    await t.makeToken(expired, 0);
    for (const account of [used, expired, without]) {
      await revokeAllTokens(t.app, operator, account);
      assert.deepEqual(await events(account), []);
    }
    for (const account of [used, expired]) assert.deepEqual(await revokedAt(account), [t.app.now()]);
  });
});
