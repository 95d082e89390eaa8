import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { randomToken } from '../../src/lib/random-token.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

const hour = 3_600_000;

forEachDatabase('what a token costs that gets nothing', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const ask = (token: string) => t.server.inject({ url: `/provisioning/${token}` });
  const made = async (lifetimeMs?: number): Promise<{ account: Account; token: string }> => {
    const account = await t.makeAccount();
    return { account, token: await t.makeToken(account, lifetimeMs) };
  };

  /** Of each look-up of a token that the request costs, how many rows it finds. */
  const lookUpsOf = async (token: string): Promise<number[]> => {
    const { database } = t.app;
    const rows = mock.method(database, 'rows');
    try {
      assert.doesNotMatch((await ask(token)).body, /auth_info/);
      const calls = rows.mock.calls.filter((call) => 'hash' in (call.arguments[1] ?? {}));
      return (await Promise.all(calls.map((call) => call.result))).map((found) => found?.length ?? 0).sort();
    } finally {
      rows.mock.restore();
    }
  };

  const kinds: Readonly<Record<string, () => Promise<string>>> = {
    used: async () => {
      const { token } = await made();
      await ask(token);
      return token;
    },
    expired: async () => {
      const { token } = await made(hour);
      t.advance(2 * hour);
      return token;
    },
    revoked: async () => {
      const { account, token } = await made();
      const [{ id }] = (await t.api('GET', `/api/accounts/${account.id}/tokens`)).json;
      await t.api('DELETE', `/api/accounts/${account.id}/tokens/${id}`);
      return token;
    },
    superseded: async () => {
      const { account, token } = await made();
      await t.makeToken(account);
      return token;
    },
    "a blocked account's": async () => {
      const { account, token } = await made();
      await t.api('POST', `/api/accounts/${account.id}/block`);
      return token;
    },
    unknown: async () => randomToken(6),
    'not even a token': async () => 'x',
  };

  test('nothing to find where no token was ever issued', async () => {
    assert.deepEqual(await lookUpsOf(randomToken(6)), [0, 0]);
  });

  for (const [kind, make] of Object.entries(kinds)) {
    test(`${kind}: two look-ups, of which one finds a token`, async () => {
      const token = await make();
      for (let time = 0; time < 3; time += 1) assert.deepEqual(await lookUpsOf(token), [0, 1]);
    });
  }

  test('what stood in for unknown ones may be deleted', async () => {
    const unknown = randomToken(6);
    const { db } = t.app.database;
    assert.deepEqual(await lookUpsOf(unknown), [0, 1]);
    await db.deleteFrom('tokens').execute();
    await made();
    assert.deepEqual(await lookUpsOf(unknown), [0, 0]);
    assert.deepEqual(await lookUpsOf(unknown), [0, 1]);
  });

  test('a valid token is looked up once', async () => {
    const { token } = await made();
    const rows = mock.method(t.app.database, 'rows');
    assert.match((await ask(token)).body, /auth_info/);
    assert.equal(rows.mock.calls.filter((call) => 'hash' in (call.arguments[1] ?? {})).length, 1);
    rows.mock.restore();
  });
});
