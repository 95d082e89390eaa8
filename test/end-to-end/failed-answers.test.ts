import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserPrograms } from '../support/browser.ts';
import { requirePrograms } from '../support/debian.ts';
import { type ServedPanel, servePanel, signInAt } from '../support/serve-panel.ts';

interface Opened extends ServedPanel {
  readonly page: Page;
}

async function openPanel(t: TestContext): Promise<Opened> {
  const panel = await servePanel(t);
  panel.run('account', 'add', 'zoe');
  return { ...panel, page: await (await panel.browser.newContext({ locale: 'en-GB' })).newPage() };
}

/** Answers the next request that a script makes for this page like a server that cannot reach its database. */
async function failOnce(page: Page, path: string | RegExp): Promise<void> {
  const body = '<!doctype html><html><body><main><h1>The database is away</h1></main></body></html>';
  await page.route(path, (route) => route.fulfill({ status: 503, contentType: 'text/html', body }), { times: 1 });
}

const note = 'The page could not be brought up to date.';

test('a search or a code that the server fails to answer leaves the list as it is, and says so', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const { serving, page } = await openPanel(t);
  await signInAt(page, serving, '/admin/accounts');
  const rows = page.locator('tr[data-id]');
  await rows.nth(1).waitFor();
  await failOnce(page, '**/admin/accounts?*open=*');
  await page.getByRole('link', { name: 'Code: zoe' }).click();
  await page.getByText(note).waitFor();
  assert.equal(await rows.count(), 2);
  await failOnce(page, '**/admin/accounts?*search=*');
  await page.locator('#search').fill('nobody');
  await page.waitForResponse((response) => response.status() === 503);
  assert.equal(await rows.count(), 2);
  await page.locator('#search').fill('zoe');
  await page.locator('tr[data-id="1"]').waitFor({ state: 'detached' });
  assert.equal(await rows.count(), 1);
  assert.equal(await page.getByText(note).isVisible(), false);
});

test('a search after the end of the session leads to the sign-in, and from there to what was found', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const { serving, page } = await openPanel(t);
  await signInAt(page, serving, '/admin/accounts');
  await page.locator('tr[data-id="1"]').waitFor();
  await page.context().clearCookies();
  await page.locator('#search').fill('zoe');
  await page.waitForURL('**/login?next=*');
  await page.locator('#username').fill('marta');
  await page.locator('#password').fill('kowalczyk1');
  await page.locator('main form button').click();
  await page.locator('tr[data-id="2"]').waitFor();
  assert.equal(await page.locator('#search').inputValue(), 'zoe');
  assert.equal(await page.locator('tr[data-id="1"]').count(), 0);
});

test('a code that could not be shown is asked for again', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const { serving, page, run } = await openPanel(t);
  const { provisioning_url: url } = JSON.parse(run('token', 'issue', 'zoe', '--json'));
  await signInAt(page, serving, '/admin/accounts/2/provisioning');
  const code = page.locator('#code');
  await code.waitFor();
  await failOnce(page, /\/provisioning$/);
  const headers = {
    'user-agent': 'LinphoneAndroid/6.0.12 (Pixel 8) LinphoneSDK/5.4.30',
    'x-linphone-provisioning': '1',
  };
  assert.match(await (await fetch(new URL(new URL(url).pathname, serving.url), { headers })).text(), /auth_info_0/);
  await page.getByText(note).waitFor();
  assert.equal(await code.count(), 1);
  await page.locator('#code[data-state="delivered"]').waitFor();
  assert.equal(await page.getByText(note).isVisible(), false);
});

test('a code whose account is deleted gives way to a page that says so, and nothing is fetched any more', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const { serving, page, run } = await openPanel(t);
  run('token', 'issue', 'zoe');
  await signInAt(page, serving, '/admin/accounts/2/provisioning');
  await page.locator('#code').waitFor();
  const reloaded = page.waitForResponse((response) => response.request().isNavigationRequest());
  run('account', 'delete', 'zoe', '--yes');
  assert.equal((await reloaded).status(), 404);
  await page.locator('#code').waitFor({ state: 'detached' });
  assert.equal(await page.locator('#code-live').count(), 0);
});

test('an editor keeps its text and the findings if the session has ended', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const { serving, page } = await openPanel(t);
  await signInAt(page, serving, '/admin/accounts/2/settings');
  const text = page.locator('#linphonerc');
  await text.fill('[sip]\nmedia_encrypton=srtp\n');
  const finding = page.getByText('There is no key media_encrypton');
  await finding.waitFor();
  await page.context().clearCookies();
  await text.fill('[sip]\nmedia_encrypton=zrtp\n');
  await page.getByText(note).waitFor();
  assert.equal(await finding.isVisible(), true);
  assert.equal(await text.inputValue(), '[sip]\nmedia_encrypton=zrtp\n');
});
