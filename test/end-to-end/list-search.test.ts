import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserPrograms } from '../support/browser.ts';
import { requirePrograms } from '../support/debian.ts';
import { servePanel, signInAt } from '../support/serve-panel.ts';
import { patienceMs } from '../support/wait-until.ts';

/** Opens the list of accounts and searches for `zoe`, with the cursor still in the search box. */
async function searchedList(t: TestContext) {
  const { serving, browser, run } = await servePanel(t);
  run('account', 'add', 'zoe', '--group', 'Sales');
  const page = await browser.newPage();
  await signInAt(page, serving, '/admin/accounts');
  await page.locator('tr[data-id="1"]').waitFor({ timeout: patienceMs });
  await page.locator('[name="search"]').pressSequentially('zoe');
  await page.locator('tr[data-id="1"]').waitFor({ state: 'detached', timeout: patienceMs });
  // The first letters may have been searched for on their own. Export shows that the last search has come too.
  await page.locator('#export[href$="/admin/accounts/export?search=zoe"]').waitFor({ timeout: patienceMs });
  return page;
}

test('the first click after a search counts, because leaving the search box does not load the list again', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const page = await searchedList(t);
  await page.getByRole('link', { name: 'Code: zoe' }).click();
  await page.locator('tr.opened').waitFor({ timeout: patienceMs });
});

const early = {
  'a name that is typed': (page) => page.locator('[name="search"]').pressSequentially('zoe'),
  'a group that is chosen': (page) => page.locator('[name="group"]').selectOption('Sales'),
} as const satisfies Record<string, (page: Page) => Promise<unknown>>;

for (const [what, act] of Object.entries(early)) {
  test(`${what} before the script is loaded narrows the list`, async (t) => {
    if (!requirePrograms(t, browserPrograms)) return;
    const { serving, browser, run } = await servePanel(t);
    run('account', 'add', 'zoe', '--group', 'Sales');
    const page = await browser.newPage();
    const scriptMayLoad = Promise.withResolvers<void>();
    await page.route('**/live*.js', async (route) => {
      await scriptMayLoad.promise;
      await route.continue();
    });
    await signInAt(page, serving, '/admin/accounts');
    await act(page);
    scriptMayLoad.resolve();
    await page.locator('tr[data-id="1"]').waitFor({ state: 'detached', timeout: patienceMs });
  });
}

test('the list shows what was typed last, even if earlier searches are still under way', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const { serving, browser, run } = await servePanel(t);
  for (const name of ['zoe', 'zora']) run('account', 'add', name);
  const page = await browser.newPage();
  await signInAt(page, serving, '/admin/accounts');
  await page.locator('tr[data-id="1"]').waitFor({ timeout: patienceMs });
  const searched = Promise.withResolvers<void>();
  const mayAnswer = searched.promise;
  await page.route('**/admin/accounts?*search=*', async (route) => {
    if (new URL(route.request().url()).searchParams.get('search') === 'zoe') searched.resolve();
    else await mayAnswer;
    await route.continue().catch(() => undefined);
  });
  for (const typed of ['z', 'zo', 'zoe']) {
    const asked = page.waitForRequest((request) => new URL(request.url()).searchParams.get('search') === typed);
    await page.locator('[name="search"]').press(typed.at(-1) ?? '');
    await asked;
  }
  await page.locator('tr[data-id="3"]').waitFor({ state: 'detached', timeout: patienceMs });
  assert.equal(await page.locator('tr[data-id="2"]').count(), 1);
});

test('a box that is ticked after a search stays ticked, and Tab moves on from the search box', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const page = await searchedList(t);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate('document.activeElement.name'), 'group');
  await page.getByRole('checkbox', { name: 'Choose zoe' }).click();
  await page.waitForTimeout(1_000);
  assert.equal(await page.getByRole('checkbox', { name: 'Choose zoe' }).isChecked(), true);
  assert.deepEqual(requests, []);
});

test('Export writes what the list shows after a search', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const page = await searchedList(t);
  const exported = page.getByRole('link', { name: 'Export' });
  await page.locator('#export[href$="/admin/accounts/export?search=zoe"]').waitFor({ timeout: patienceMs });
  assert.equal(await exported.count(), 1);
  await page.locator('[name="search"]').fill('');
  await page.locator('#export[href$="/admin/accounts/export"]').waitFor({ timeout: patienceMs });
  await page.locator('[name="group"]').selectOption('Sales');
  await page.locator('#export[href$="/admin/accounts/export?group=Sales"]').waitFor({ timeout: patienceMs });
  assert.equal(await exported.count(), 1);
});

test('choosing a group narrows the list at once', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const page = await searchedList(t);
  await page.locator('[name="search"]').fill('');
  await page.locator('tr[data-id="1"]').waitFor({ timeout: patienceMs });
  await page.locator('[name="group"]').selectOption('Sales');
  await page.locator('tr[data-id="1"]').waitFor({ state: 'detached', timeout: patienceMs });
  assert.equal(await page.locator('tr[data-id="2"]').count(), 1);
});
