import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { operator } from '../../src/events/actor.ts';
import { codesOf } from '../../src/tokens/codes.ts';
import { issueToken } from '../../src/tokens/issue-token.ts';
import { openCodeOf } from '../../src/tokens/open-code.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('the open code of an account', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const made = async () => ({ account: await t.makeAccount(), space: t.app.spaces.first });

  test('is shown as it was issued, however often', async () => {
    const found = await made();
    const { token } = await issueToken(t.app, operator, found);
    for (let count = 0; count < 3; count += 1) {
      assert.equal((await openCodeOf(t.app, found))?.url, `https://ringup.example.test/provisioning/${token}`);
    }
    const answer = await t.server.inject({ url: `/provisioning/${token}` });
    assert.ok(answer.body.includes('auth_info_0'));
  });

  test('still sets a new password if it was issued to do so', async () => {
    const found = await made();
    await issueToken(t.app, operator, found, { code: t.app.codes.make({ resetsPassword: true }) });
    assert.match((await openCodeOf(t.app, found))?.url ?? '', /\?reset_password$/);
  });

  test('is not shown once it was used, has expired, was revoked or replaced', async () => {
    const found = await made();
    assert.equal(await openCodeOf(t.app, found), undefined);
    const { token } = await issueToken(t.app, operator, found);
    await t.server.inject({ url: `/provisioning/${token}` });
    assert.equal(await openCodeOf(t.app, found), undefined);
    await issueToken(t.app, operator, found, { lifetime: '1m' });
    const { token: newer } = await issueToken(t.app, operator, found, { lifetime: '2m' });
    assert.ok((await openCodeOf(t.app, found))?.url?.endsWith(newer));
    t.advance(120_000);
    assert.equal(await openCodeOf(t.app, found), undefined);
  });

  test('cannot be shown if the secret of the instance has changed, or an earlier version issued it', async () => {
    const found = await made();
    await issueToken(t.app, operator, found);
    const changed = await openCodeOf({ ...t.app, codes: codesOf('another secret of at least 32 characters') }, found);
    assert.equal(changed?.url, undefined);
    assert.ok(changed !== undefined);
    await t.app.database.updateTable('tokens').set({ salt: null }).execute();
    const earlier = await openCodeOf(t.app, found);
    assert.ok(earlier !== undefined && earlier.url === undefined);
  });
});
