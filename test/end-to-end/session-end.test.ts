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
  await page.goto(`${serving.url}/admin/accounts/new`);
  await page.getByLabel('User name').fill('half-typed');
  const warning = page.locator('[data-session-ends]');
  await page.clock.fastForward('11:49:00');
  assert.equal(await warning.isVisible(), false);
  await page.clock.fastForward('00:02:00');
  await warning.waitFor();
  assert.match((await warning.textContent()) ?? '', /signed out within 10 minutes/);
  assert.equal(await page.getByLabel('User name').inputValue(), 'half-typed');
});
