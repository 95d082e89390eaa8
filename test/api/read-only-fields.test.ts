import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp, testDomain } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import type { Json } from '../support/json.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';

forEachDatabase('PUT of a resource', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  /** Each resource that has a PUT: how to get it, and a change of it. */
  const resources: Readonly<Record<string, () => Promise<{ url: string; shown: Json; change: Json }>>> = {
    'an account': async () => {
      const url = `/api/accounts/${(await t.makeAccount({ display_name: 'A' })).id}`;
      return { url, shown: (await t.api('GET', url)).json, change: { display_name: 'B' } };
    },
    'a space': async () => {
      const url = `/api/spaces/${testDomain}`;
      await t.setSpace({ turn_secret: 'secret', turn_server: 'turn:t.test', linphonerc: '[sip]\nunknown_key=1\n' });
      const { json: shown } = await t.api('GET', url);
      assert.ok(shown.turn_secret_set === true && shown.warnings.length > 0);
      return { url, shown, change: { name: 'Changed' } };
    },
    'a token': async () => {
      const account = await t.makeAccount();
      await t.makeToken(account, 3_600_000);
      const url = `/api/accounts/${account.id}/tokens`;
      const [shown] = (await t.api('GET', url)).json;
      return { url: `${url}/${shown.id}`, shown, change: { expires_at: null } };
    },
  };

  for (const [which, make] of Object.entries(resources)) {
    test(`accepts ${which} as GET returned it, unchanged and with a change`, async () => {
      const { url, shown, change } = await make();
      const same = await t.api('PUT', url, shown);
      assert.equal(same.status, 200, same.text);
      const { updated_at: _, ...rest } = same.json;
      const { updated_at: __, ...expected } = shown;
      assert.deepEqual(rest, expected);
      const changed = await t.api('PUT', url, { ...same.json, ...change });
      assert.equal(changed.status, 200, changed.text);
      assert.deepEqual({ ...changed.json, updated_at: null }, { ...same.json, ...change, updated_at: null });
    });

    test(`refuses other values of the read-only fields of ${which}, and names all of them`, async () => {
      const { url, shown } = await make();
      const last = await latestEvent(t.app);
      for (const value of [null, 'other', 0, { a: 1 }]) {
        const { status, json } = await t.api('PUT', url, { ...shown, id: value, created_at: value });
        assert.equal(status, 422);
        assert.deepEqual(Object.keys(json.errors).sort(), ['created_at', 'id']);
        assert.match(json.errors.id[0], /^is read-only/);
      }
      assert.deepEqual((await t.api('PUT', url, { unheard: 1 })).json.errors, { unheard: ['is not a known field'] });
      assert.deepEqual(await changesAfter(t.app, last), []);
    });
  }

  test('cannot move an account to another space, and read-only fields set neither passwords nor a block', async () => {
    const url = `/api/accounts/${(await t.makeAccount()).id}`;
    for (const change of [{ domain: 'other.test' }, { sip_uri: 'sip:x@y' }, { passwords: [] }, { blocked: true }]) {
      const { status, json } = await t.api('PUT', url, change);
      assert.deepEqual([status, Object.keys(json.errors)], [422, Object.keys(change)]);
    }
  });
});
