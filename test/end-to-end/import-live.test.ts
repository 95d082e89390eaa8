import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Sqlite from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { browserPrograms, startBrowser } from '../support/browser.ts';
import { requirePrograms } from '../support/debian.ts';
import { startServe } from '../support/serve.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const table = `username\n${Array.from({ length: 120 }, (_, index) => `user${index}`).join('\n')}\n`;

interface Panel {
  readonly url: string;
  readonly database: Sqlite.Database;
  /** Returns a page of somebody who is signed in. */
  open(javaScriptEnabled: boolean): Promise<Page>;
}

async function startPanel(t: TestContext): Promise<Panel> {
  const directory = tempDirectory();
  const environment = { RINGUP_DATA_DIR: directory };
  const { url, stop } = await startServe(environment);
  t.after(stop);
  const words = ['account', 'add', 'marta', '--admin', '--activated', '--password', 'kowalczyk1'];
  execFileSync(process.execPath, ['bin/ringup.cjs', ...words], { env: { ...process.env, ...environment } });
  const browser = await startBrowser();
  t.after(() => browser.close());
  const database = new Sqlite(join(directory, 'ringup.sqlite'), { timeout: 60_000 });
  t.after(() => database.close());
  const open = async (javaScriptEnabled: boolean): Promise<Page> => {
    const page = await (await browser.newContext({ javaScriptEnabled, locale: 'en-GB' })).newPage();
    await page.goto(`${url}/login`);
    await page.locator('#username').fill('marta');
    await page.locator('#password').fill('kowalczyk1');
    await page.locator('main button').click();
    return page;
  };
  return { url, database, open };
}

test('the form for a table says at once that the server works on it', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const { url, open } = await startPanel(t);
  const page = await open(true);
  await page.goto(`${url}/admin/import`);
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/admin/import', async (route) => {
    if (route.request().method() === 'POST') await released;
    await route.continue();
  });
  await page.locator('#text').fill(table);
  // Playwright itself looks at no page that is about to be left.
  await page.evaluate(`document.addEventListener('submit', ({ submitter }) => requestAnimationFrame(() =>
    console.log(document.querySelector('[data-working]').textContent, submitter.ariaBusy)))`);
  const said = page.waitForEvent('console');
  const check = page.getByRole('button', { name: 'Check' });
  await check.click({ noWaitAfter: true });
  assert.equal((await said).text(), 'Working on your table … true');
  release();
  await page.getByRole('heading', { name: '120 rows are ready' }).waitFor();
  await page.goBack();
  await check.waitFor();
  assert.equal(await page.locator('[data-working]').textContent(), '');
  assert.equal(await check.getAttribute('aria-busy'), null);
});

test('the page of an import follows it to its end, with JavaScript and without', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const { url, database, open } = await startPanel(t);
  const pages = [await open(true), await open(false)];
  const [live] = pages;
  assert.ok(live !== undefined);
  await live.goto(`${url}/admin/import`);
  await live.locator('#text').fill(table);
  await live.getByRole('button', { name: 'Check' }).click();
  await live.getByRole('heading', { name: '120 rows are ready' }).waitFor();
  // As if another process worked on it, and then no more.
  const work = database.prepare(
    "update imports set state = 'running', worker = 'another', written = ?, lease_until = ?",
  );
  work.run(10, Date.now() + 3_600_000);
  for (const page of pages) await page.goto(live.url());
  await live.evaluate('window.isSame = true');
  for (const written of [10, 40, 90]) {
    work.run(written, Date.now() + 3_600_000);
    for (const page of pages) {
      await page.getByText(`${written} of 120 rows are in.`).waitFor();
      assert.equal(await page.getByRole('progressbar').getAttribute('value'), String(written));
    }
  }
  work.run(0, 0);
  for (const page of pages) await page.getByRole('heading', { name: '120 rows are written' }).waitFor();
  assert.equal(await live.evaluate('window.isSame'), true);
  assert.deepEqual(database.prepare('select count(*) as count from accounts').get(), { count: 121 });
});
