import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserPrograms } from '../support/browser.ts';
import { requirePrograms } from '../support/debian.ts';
import { servePanel, signInAt } from '../support/serve-panel.ts';

test('a page warns before its session ends, and keeps its form', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const { serving, browser } = await servePanel(t);
  const page = await browser.newPage();
  await page.clock.install();
  await signInAt(page, serving);
  const openedAt = Date.now();
  await page.goto(`${serving.url}/admin/accounts/new`);
  await page.getByLabel('User name').fill('half-typed');
  const warning = page.locator('[data-session-ends]');
  // From now on, the page's clock stands still between the steps.
  await page.clock.pauseAt(openedAt + (11 * 60 + 49) * 60_000);
  assert.equal(await warning.isVisible(), false);
  // A busy machine may have taken minutes to load the page.
  await page.clock.fastForward('00:06:00');
  await warning.waitFor();
  assert.match((await warning.textContent()) ?? '', /signed out within 10 minutes/);
  assert.equal(await page.getByLabel('User name').inputValue(), 'half-typed');
});
