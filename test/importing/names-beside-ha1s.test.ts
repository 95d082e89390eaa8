import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findAccountByUsername } from '../../src/accounts/account-store.ts';
import { isPasswordOf } from '../../src/accounts/passwords.ts';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { openTestApp, type TestApp, testDomain } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import type { Json } from '../support/json.ts';

const password = 'from elsewhere';
const ha1Of = (username: string) => computeHa1('MD5', username, testDomain, password);

forEachDatabase('the user name of a new account that is imported with an HA1', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const send = async (payload: string, query = ''): Promise<Json> => {
    const headers = { 'x-api-key': t.adminKey, 'content-type': 'text/csv' };
    return (await t.server.inject({ method: 'POST', url: `/api/accounts/import${query}`, headers, payload })).json();
  };
  const wrongOf = ({ problems }: Json) => problems.map(({ column }: Json) => column);
  const named = (username: string) => findAccountByUsername(t.app.database, t.app.spaces.first.id, username);

  test('stays as it is spelled, so that the password of the former service works', async () => {
    await t.setSpace({ username_pattern: '^[A-Za-z]+$' });
    assert.deepEqual(wrongOf(await send(`username,ha1_md5\nAlice,${ha1Of('Alice')}\n`)), []);
    assert.equal(isPasswordOf(await named('Alice'), t.app.spaces.first, password), true);
    assert.equal(await named('alice'), undefined);
  });

  test('is refused with capital letters if the space allows none', async () => {
    await t.setSpace({ username_pattern: '^[a-z]+$' });
    const { problems } = await send(`username,ha1_md5\nBob,${ha1Of('Bob')}\n`);
    assert.deepEqual(wrongOf({ problems }), ['username']);
    assert.match(problems[0].message, /must match \^\[a-z\]\+\$/);
  });

  test('is lower case if the row has the password too, whichever spelling the HA1 was made for', async () => {
    for (const [spelled, ha1] of [
      ['Carol', ha1Of('Carol')],
      ['Dave', ha1Of('dave')],
    ] as const) {
      assert.deepEqual(wrongOf(await send(`username,password,ha1_md5\n${spelled},${password},${ha1}\n`)), []);
      assert.equal(isPasswordOf(await named(spelled.toLowerCase()), t.app.spaces.first, password), true);
    }
  });

  test('is not derived from a mail address, but an account with that address is found', async () => {
    const row = `email,ha1_md5\nErin@x.example,${ha1Of('erin')}\n`;
    const { problems } = await send(row);
    assert.deepEqual(wrongOf({ problems }), ['username']);
    assert.match(problems[0].message, /HA1/);
    await t.makeAccount({ username: 'erin', email: 'erin@x.example' });
    assert.equal((await send(row, '?on_duplicate=update')).update, 1);
    assert.equal(isPasswordOf(await named('erin'), t.app.spaces.first, password), true);
  });
});
