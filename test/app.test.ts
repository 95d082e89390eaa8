import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { blockAccount } from '../src/administration/block-account.ts';
import { changeAccountState } from '../src/administration/change-account-state.ts';
import { updateSpace } from '../src/administration/update-space.ts';
import { type App, openApp } from '../src/app.ts';
import { operator } from '../src/events/actor.ts';
import { createLogger } from '../src/lib/logger.ts';
import { openTestApp, type TestApp, testDomain } from './support/app.ts';
import { forEachDatabase } from './support/databases.ts';
import { waitUntil } from './support/wait-until.ts';

forEachDatabase('a change by another process', (makeUrl) => {
  let serving: TestApp;
  let other: App;
  before(async () => {
    serving = await openTestApp(await makeUrl());
    other = await openApp(serving.app.settings, { log: createLogger('silent', { write: () => {} }) });
  });
  after(async () => {
    await other.close();
    await serving.close();
  });
  const fetched = async (token: string) => (await serving.server.inject({ url: `/provisioning/${token}` })).body;

  test('takes effect in the server immediately if it concerns accounts or tokens', async () => {
    const account = await serving.makeAccount();
    const token = await serving.makeToken(account);
    await blockAccount(other, operator, account, { revokeDevices: false });
    assert.doesNotMatch(await fetched(token), /auth_info/);
    await changeAccountState(other, operator, account, 'unblock');
    assert.match(await fetched(await serving.makeToken(account)), /auth_info/);
  });

  test('takes effect in the server within a moment if it concerns spaces', async () => {
    await updateSpace(other, operator, testDomain, { linphonerc: '[sip]\nmedia_encryption=zrtp\n' });
    const shows = async () => /media_encryption/.test((await serving.server.inject({ url: '/provisioning' })).body);
    assert.ok(await waitUntil(shows));
  });
});
