import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findAccountsById } from '../../src/accounts/find-account.ts';
import { presentCards } from '../../src/sheets/sheet-card.ts';
import type { TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { openPanel, type PanelBrowser } from '../support/panel.ts';
import { turnsDuring } from '../support/turns.ts';

const count = 120;

forEachDatabase('a long sheet of codes in the panel', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  let ids: number[];
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
    const payload = `username\n${Array.from({ length: count }, (_, index) => `user-${index}`).join('\n')}\n`;
    const headers = { 'x-api-key': t.adminKey, 'content-type': 'text/csv' };
    const { statusCode } = await t.server.inject({
      method: 'POST',
      url: '/api/accounts/import',
      headers,
      payload,
    });
    assert.equal(statusCode, 200);
    const accounts = t.app.database.selectFrom('accounts').select('id').where('username', 'like', 'user-%');
    ids = (await accounts.orderBy('id', 'desc').execute()).map(({ id }) => id);
    assert.equal(ids.length, count);
  });
  after(() => t.close());

  test('lets other requests have their turns, and has the cards in the order of the accounts', async () => {
    const path = `/admin/sheet?${[...ids, ids[0]].map((id) => `account=${id}`).join('&')}`;
    let html = '';
    const turns = await turnsDuring(async () => {
      ({ html } = await browser.get(path));
    });
    const names = [...html.matchAll(/<h2><bdi>user-(\d+)</g)].map(([, number]) => Number(number));
    assert.deepEqual(
      names,
      Array.from({ length: count }, (_, index) => count - 1 - index),
    );
    assert.ok(turns >= count / 8, `${turns} turns for ${count} cards`);
  });

  test('reads the codes with few queries', async () => {
    let queries = 0;
    const database = t.app.database.withPlugin({
      transformQuery({ node }) {
        queries += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    const accounts = await findAccountsById(t.app, ids.map(String));
    const cards = await presentCards({ ...t.app, database }, accounts);
    assert.equal(new Set(cards.map(({ url }) => url)).size, count);
    assert.ok(queries <= count / 10, `${queries} queries for ${count} cards`);
  });
});
