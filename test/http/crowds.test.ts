import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('a phone', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const asked: Readonly<Record<string, { url: string; accept?: string }>> = {
    pages: { url: '/login', accept: 'text/html' },
    'pages of links that do not exist': { url: '/setup/unknown', accept: 'text/html' },
    'pages of codes that do not exist': { url: `/provisioning/${'x'.repeat(22)}`, accept: 'text/html' },
    'the API': { url: '/api/ping' },
    'the API without a key': { url: '/api/accounts' },
    'addresses that do not exist': { url: '/nothing/here' },
  };
  for (const [name, { url, accept = '*/*' }] of Object.entries(asked)) {
    test(`does not wait for a whole crowd that requests ${name}`, async () => {
      const done: string[] = [];
      const ask = async (who: string, path: string, headers: Record<string, string>) => {
        const { statusCode } = await t.server.inject({ url: path, headers });
        done.push(who);
        return statusCode;
      };
      const crowd = Array.from({ length: 64 }, () =>
        ask('crowd', url, { accept, 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' }),
      );
      assert.equal(await ask('phone', '/provisioning', { 'x-linphone-provisioning': '1' }), 200);
      await Promise.all(crowd);
      assert.ok(done.indexOf('phone') < 32, `the phone was answered after ${done.indexOf('phone')} others`);
    });
  }
});
