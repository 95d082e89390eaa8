import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserPrograms } from '../support/browser.ts';
import { requirePrograms } from '../support/debian.ts';
import { servePanel, signInAt } from '../support/serve-panel.ts';

test('the Enter key on a tick box of the list changes no account, and keeps what is ticked', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const { serving, browser, run } = await servePanel(t);
  for (const name of ['zoe', 'zora']) run('account', 'add', name);
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  const states = () => page.locator('tr[data-id]').evaluateAll((rows) => rows.map((row) => row.dataset.state));
  await signInAt(page, serving, '/admin/accounts');
  const box = page.getByRole('checkbox', { name: 'Choose zora' });
  const all = page.getByRole('checkbox', { name: 'All that match' });
  await box.check();
  for (const [focused, isAll] of [
    [box, false],
    [all, true],
  ] as const) {
    await all.setChecked(isAll);
    await focused.press('Enter');
    assert.equal(await page.locator('.banner:not([hidden])').textContent(), 'Choose what to do with the accounts.');
    assert.deepEqual(await states(), ['waiting', 'waiting', 'waiting']);
    assert.deepEqual([await box.isChecked(), await all.isChecked()], [true, isAll]);
    await page.goto(page.url());
    await box.check();
  }
  await box.uncheck();
  await box.press('Enter');
  assert.equal(await page.locator('.banner:not([hidden])').textContent(), 'Tick the accounts first.');
  assert.deepEqual(await states(), ['waiting', 'waiting', 'waiting']);
});
