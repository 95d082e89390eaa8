import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { textOf } from '../support/html.ts';
import { panelBrowser } from '../support/panel.ts';

forEachDatabase('a link that is not valid', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  for (const [path, text, page, french] of [
    [
      '/login/link/unknown',
      'This link was used, has expired, or was replaced by a newer one: ask for another.\n',
      /This link no longer works.*An administrator of the server can make another one\..*Sign in/s,
      /Ce lien ne fonctionne plus/,
    ],
    [
      '/login/reset/unknown',
      'This link was used, has expired, or was replaced by a newer password: ask for another.\n',
      /This link is not valid.*replaced by a newer password\./s,
      /Ce lien n’est pas valable/,
    ],
    [
      '/setup/unknown',
      'This link was used, has expired, or was replaced by a newer one: restart Ringup for another if there is no administrator yet.\n',
      /This link no longer works.*Ringup prints a new link at each start/s,
      /Ce lien ne fonctionne plus/,
    ],
  ] as const) {
    test(`${path} says so to programs in the words of the catalogue, and to people on a page that leads on`, async () => {
      const answer = await t.server.inject({ url: path });
      assert.deepEqual([answer.statusCode, answer.body], [404, text]);
      const browser = panelBrowser(t);
      for (const { status, html } of [await browser.get(path), await browser.post(path, {})]) {
        assert.equal(status, 404);
        assert.match(textOf(html), page);
      }
      assert.match(textOf((await browser.get(path, { 'accept-language': 'fr' })).html), french);
      await t.setSpace({ language: 'fr' });
      const ofSpace = await browser.get(path, { 'accept-language': 'de' });
      await t.setSpace({ language: 'en' });
      assert.match(textOf(ofSpace.html), french);
    });
  }
});
