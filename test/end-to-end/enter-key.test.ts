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
    assert.equal(await page.locator('.banner:not([hidden])').textContent(), 'Choose what to do.');
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

test('the Enter key in the account of a preview publishes nothing, and the text stays as it was reviewed', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const { serving, browser, run } = await servePanel(t);
  run('account', 'add', 'zoe');
  const [{ domain }] = JSON.parse(run('space', 'list', '--json'));
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await signInAt(page, serving, `/admin/spaces/${domain}/linphonerc`);
  const text = page.locator('#linphonerc');
  const publish = page.getByRole('button', { name: 'Publish' });
  const preview = async () => {
    await page.getByLabel('Preview for').fill('zoe');
    await page.getByLabel('Preview for').press('Enter');
    await page.getByRole('heading', { name: 'What a phone of zoe would get' }).waitFor();
  };
  await text.fill('[sip]\nmedia_encryption=srtp\n');
  await preview();
  assert.equal(await publish.count(), 0);
  await page.getByRole('button', { name: 'Review changes' }).click();
  await publish.waitFor();
  await preview();
  await text.press('End');
  await text.pressSequentially('# not reviewed');
  await publish.click();
  await page.getByText('Published. Phones get it').waitFor();
  assert.equal(await text.inputValue(), '[sip]\nmedia_encryption=srtp\n');
  await page.getByRole('link', { name: 'Versions' }).click();
  assert.equal(await page.locator('main tbody tr').count(), 1);
  await page.goBack();
  assert.equal(await text.isEditable(), true);
});
