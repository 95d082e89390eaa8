import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { browserPrograms, startBrowser } from '../support/browser.ts';
import { requirePrograms } from '../support/debian.ts';
import { startServe } from '../support/serve.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

/** A busy machine writes a hundred rows a second. */
const generousMs = 300_000;

const rows = Array.from({ length: 6_000 }, (_, index) => `user${index},User ${index},user${index}@x.example`);
const table = `username,name,email\n${rows.join('\n')}\n`;

test('thousands of pasted rows are in the field at once, and the page follows their import to its end', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const environment = { RINGUP_DATA_DIR: tempDirectory() };
  const { url, stop } = await startServe(environment);
  t.after(stop);
  const words = ['account', 'add', 'marta', '--admin', '--activated', '--password', 'kowalczyk1'];
  execFileSync(process.execPath, ['bin/ringup.cjs', ...words], { env: { ...process.env, ...environment } });
  const browser = await startBrowser();
  t.after(() => browser.close());
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await page.goto(`${url}/login`);
  await page.locator('#username').fill('marta');
  await page.locator('#password').fill('kowalczyk1');
  await page.locator('main button').click();
  await page.goto(`${url}/admin/import`);
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(table)})`);
  await page.locator('#text').focus();
  await page.keyboard.press('Control+V');
  assert.equal(await page.locator('#text').inputValue(), table);
  await page.locator('main form .buttons button').click();
  await page.getByRole('heading', { name: '6,000 rows are ready' }).waitFor({ timeout: generousMs });
  await page.locator('[value=import]').click({ noWaitAfter: true });
  const written = page.getByRole('heading', { name: '6,000 rows are written' });
  assert.ok(await waitUntil(() => written.isVisible(), generousMs), (await page.getByRole('main').textContent()) ?? '');
});
