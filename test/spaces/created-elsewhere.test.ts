import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { createSpace } from '../../src/administration/create-space.ts';
import { operator } from '../../src/events/actor.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { parseDocument } from '../support/xml.ts';

forEachDatabase('in a space that another process has just created', (makeUrl) => {
  let one: TestApp;
  let other: TestApp;
  let number = 0;
  before(async () => {
    const url = await makeUrl();
    one = await openTestApp(url);
    // It reads the spaces again only if it must.
    other = await openTestApp(url, {}, { runsJobs: false });
  });
  after(async () => {
    await other.close();
    await one.close();
  });

  const makeAccount = async (): Promise<Account> => {
    number += 1;
    const domain = `new${number}.example.test`;
    await createSpace(one.app, operator, { domain });
    return one.makeAccount({ domain, admin: true });
  };

  test('a phone that redeems a code gets the account', async () => {
    const account = await makeAccount();
    const token = await one.makeToken(account);
    const { body } = await other.server.inject({
      url: `/provisioning/${token}`,
      headers: { 'user-agent': 'Linphone/5.3' },
    });
    const identity = parseDocument(body).get('proxy_0')?.get('reg_identity')?.value;
    assert.equal(identity, `<sip:${account.username}@new${number}.example.test>`);
  });

  test('an API key is known', async () => {
    const { id } = await makeAccount();
    const { json } = await one.api('POST', `/api/accounts/${id}/api_keys`, { name: 'script' });
    const answer = await other.server.inject({ url: '/api/accounts/me', headers: { 'x-api-key': json.api_key } });
    assert.deepEqual([answer.statusCode, answer.json().id], [200, id]);
  });

  test('an account is found by its id', async () => {
    const { id } = await makeAccount();
    assert.equal((await other.api('GET', `/api/accounts/${id}`)).status, 200);
  });
});
