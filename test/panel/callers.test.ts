import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { panelRoutes } from '../../src/panel/routes.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { panelBrowser, sameOrigin } from '../support/panel.ts';

const foreignOrigins: readonly Record<string, string>[] = [
  {},
  { origin: 'null' },
  { origin: 'https://evil.test' },
  { origin: 'http://ringup.example.test' },
  { 'sec-fetch-site': 'cross-site', origin: 'https://ringup.example.test' },
  { 'sec-fetch-site': 'none' },
];

forEachDatabase('each page for people who are signed in', (makeUrl) => {
  let t: TestApp;
  let target: Account;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.api('POST', '/api/spaces', { domain: 'other.example.test' });
    target = await t.makeAccount();
  });
  after(() => t.close());

  const signedIn = async (fields: { admin?: boolean; domain?: string }) => {
    const account = await t.makeAccount({ activated: true, password: 'right', ...fields });
    const browser = panelBrowser(t, `192.0.2.${100 + (account.id % 100)}`);
    await browser.signIn(`${account.username}@${fields.domain ?? 'sip.example.test'}`, 'right');
    return browser;
  };

  for (const { method, path, caller } of panelRoutes.filter((route) => route.caller !== 'anyone')) {
    const ask = (browser: ReturnType<typeof panelBrowser>, headers?: Record<string, string>) => {
      const url = path
        .replace(':id', String(target.id))
        .replace(':domain', 'sip.example.test')
        .replace(':contactId', '1')
        .replace(':listId', '1')
        .replace(':versionId', '1');
      return method === 'GET'
        ? browser.get(url, headers)
        : browser.post(url, { action: 'none' }, headers ?? sameOrigin);
    };

    test(`${method} ${path} refuses strangers and API keys, and as a page of administrators users and other spaces`, async () => {
      const before = await dumpDatabase(t.app.database);
      const toSignIn = method === 'GET' || path === '/logout' ? 303 : 401;
      assert.equal((await ask(panelBrowser(t))).status, toSignIn);
      const withKey = await ask(panelBrowser(t), { ...sameOrigin, 'x-api-key': t.adminKey });
      assert.equal(withKey.status, toSignIn);
      assert.deepEqual(await dumpDatabase(t.app.database), before);
      if (caller !== 'admin' && caller !== 'super-admin') return;
      assert.equal((await ask(await signedIn({}))).status, 403);
      const elsewhere = await signedIn({ admin: true, domain: 'other.example.test' });
      if (caller === 'super-admin') assert.equal((await ask(elsewhere)).status, 403);
      else if (/:id|:domain/.test(path)) assert.equal((await ask(elsewhere)).status, 404);
    });

    if (method === 'POST') {
      test(`${method} ${path} accepts forms only from pages of this server`, async () => {
        const browser = await signedIn({ admin: true });
        const before = await dumpDatabase(t.app.database);
        for (const headers of foreignOrigins) {
          assert.equal((await ask(browser, headers)).status, 403, JSON.stringify(headers));
        }
        assert.deepEqual(await dumpDatabase(t.app.database), before);
      });
    }
  }
});
