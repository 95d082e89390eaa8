import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';

const first = 'sip.example.test';

interface Removal {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly url: (id: number, domain: string) => string;
  readonly body?: object;
}

const removals: Readonly<Record<string, Removal>> = {
  deleted: { method: 'DELETE', url: (id) => `/api/accounts/${id}` },
  'deleted by itself': { method: 'DELETE', url: () => '/api/accounts/me' },
  demoted: { method: 'PUT', url: (id) => `/api/accounts/${id}`, body: { admin: false } },
  deactivated: { method: 'POST', url: (id) => `/api/accounts/${id}/deactivate` },
  'deactivated by a change': { method: 'PUT', url: (id) => `/api/accounts/${id}`, body: { activated: false } },
  blocked: { method: 'POST', url: (id) => `/api/accounts/${id}/block` },
};
const spaceRemovals: Readonly<Record<string, Removal>> = {
  'deleted with its space': { method: 'DELETE', url: (_, domain) => `/api/spaces/${domain}?with_accounts=true` },
  'left behind by a space that is no longer super': {
    method: 'PUT',
    url: (_, domain) => `/api/spaces/${domain}`,
    body: { super: false },
  },
};

forEachDatabase('the last administrator', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.api('POST', '/api/spaces', { domain: 'ordinary.example.test' });
    await t.api('POST', '/api/spaces', { domain: 'super.example.test', super: true });
    // None of these can manage everything.
    await t.makeAccount({ admin: true });
    await t.makeAccount({ admin: true, activated: true, domain: 'ordinary.example.test' });
    const blocked = await t.makeAccount({ admin: true, activated: true, domain: 'super.example.test' });
    await t.api('POST', `/api/accounts/${blocked.id}/block`);
  });
  after(() => t.close());

  const makeAdmin = async (domain = first): Promise<{ account: Account; key: string }> => {
    const account = await t.makeAccount({ admin: true, activated: true, domain });
    const made = await t.api('POST', `/api/accounts/${account.id}/api_keys`, {});
    return { account, key: made.json.api_key };
  };
  const remove = ({ method, url, body }: Removal, who: { id: number; domain?: string; key: string }) =>
    t.server.inject({
      method,
      url: url(who.id, who.domain ?? first),
      headers: { 'x-api-key': who.key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });

  for (const [what, removal] of Object.entries({ ...removals, ...spaceRemovals })) {
    test(`cannot be ${what}: the answer is 409, and nothing changes`, async () => {
      const { id } = (await t.api('GET', '/api/accounts/me')).json;
      const before = await dumpDatabase(t.app.database);
      const answer = await remove(removal, { id, key: t.adminKey });
      assert.equal(answer.statusCode, 409);
      assert.equal(answer.json().code, 'last-administrator');
      assert.deepEqual(await dumpDatabase(t.app.database), before);
    });
  }

  for (const [what, removal] of Object.entries(removals)) {
    test(`one of two administrators may be ${what}`, async () => {
      const { account, key } = await makeAdmin();
      assert.equal((await remove(removal, { id: account.id, key })).statusCode, 200);
    });

    test(`one of two administrators fails if they try at the same time to get each other ${what}`, async () => {
      const [one, two] = [await makeAdmin(), await makeAdmin()];
      const db = t.app.database;
      const setAdmin = (admin: number) =>
        db.updateTable('accounts').set({ admin }).where('username', '=', 'admin').execute();
      await setAdmin(0);
      const [target, other] = what === 'deleted by itself' ? [one, two] : [two, one];
      const answers = await Promise.all([
        remove(removal, { id: target.account.id, key: one.key }),
        remove(removal, { id: other.account.id, key: two.key }),
      ]);
      const done = answers.filter((answer) => answer.statusCode === 200);
      assert.equal(done.length, 1, answers.map((answer) => answer.body).join());
      const left = await db
        .selectFrom('accounts')
        .select('id')
        .where('id', 'in', [one.account.id, two.account.id])
        .where('admin', '=', 1)
        .where('activated_at', 'is not', null)
        .where('blocked_at', 'is', null)
        .execute();
      assert.equal(left.length, 1);
      await setAdmin(1);
      for (const { id } of left) await t.api('DELETE', `/api/accounts/${id}`);
    });
  }

  for (const [what, removal] of Object.entries(spaceRemovals)) {
    test(`one of two administrators may be ${what}`, async () => {
      const domain = 'brief.example.test';
      await t.api('POST', '/api/spaces', { domain, super: true });
      const { account, key } = await makeAdmin(domain);
      assert.equal((await remove(removal, { id: account.id, domain, key })).statusCode, 200);
      await t.api('DELETE', `/api/spaces/${domain}?with_accounts=true`);
    });
  }

  test('the last administrator of an ordinary space can be removed, because administrators of the super space still manage it', async () => {
    const { account, key } = await makeAdmin('ordinary.example.test');
    await t.app.database
      .deleteFrom('accounts')
      .where('space_id', '=', account.spaceId)
      .where('id', '!=', account.id)
      .execute();
    assert.equal(
      (await t.server.inject({ method: 'DELETE', url: '/api/accounts/me', headers: { 'x-api-key': key } })).statusCode,
      200,
    );
  });
});
