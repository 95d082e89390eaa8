import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { browserPrograms } from '../support/browser.ts';
import { requirePrograms } from '../support/debian.ts';
import { servePanel, signInAt } from '../support/serve-panel.ts';
import { patienceMs } from '../support/wait-until.ts';

async function openPanel(t: TestContext) {
  const { serving, browser, run } = await servePanel(t);
  run('account', 'add', 'zoe');
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  const signIn = (next: string) => signInAt(page, serving, next);
  return { page, complaints, signIn, run };
}

test('findings appear while somebody types the settings of an account, and the page shows the difference before publishing', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const { page, complaints, signIn } = await openPanel(t);
  await signIn('/admin/accounts/2/settings');
  const text = page.locator('#linphonerc');
  await text.pressSequentially('[sip]\nmedia_encrypton=srtp\n');
  await page.getByText('There is no key media_encrypton').waitFor({ timeout: patienceMs });
  assert.equal(await text.evaluate('this === undefined ? "" : document.activeElement.id'), 'linphonerc');
  await text.fill('[sip]\nmedia_encryption=srtp\n');
  await page.getByText('There is no key media_encrypton').waitFor({ state: 'detached', timeout: patienceMs });
  const compare = async () => {
    await page.getByRole('button', { name: 'Check and compare' }).click();
    await page.locator('.difference').getByText('[sip] media_encryption').waitFor({ timeout: patienceMs });
  };
  await compare();
  await text.pressSequentially('# not in the difference');
  assert.equal(await text.inputValue(), '[sip]\nmedia_encryption=srtp\n');
  await page.getByRole('button', { name: 'Back to the text' }).click();
  await page.locator('.difference').waitFor({ state: 'detached', timeout: patienceMs });
  assert.equal(await text.isEditable(), true);
  await compare();
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByText('Published.').waitFor({ timeout: patienceMs });
  assert.equal(await text.inputValue(), '[sip]\nmedia_encryption=srtp\n');
  assert.deepEqual(complaints, []);
});

test('the page of a code follows it under the content security policy, and stays unchanged until something happens', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const { page, complaints, signIn, run } = await openPanel(t);
  await signIn('/admin/accounts/2/provisioning');
  const live = page.waitForRequest(/provisioning\/live/);
  await page.getByRole('button', { name: 'New code' }).click();
  await live;
  await page.evaluate("document.querySelector('#address').dataset.kept = 'yes'");
  const phone = {
    'user-agent': 'LinphoneAndroid/6.0.12 (Pixel 8) LinphoneSDK/5.4.30',
    'x-linphone-provisioning': 'true',
  };
  await page.waitForTimeout(1_500);
  assert.equal(await page.locator('#address').getAttribute('data-kept'), 'yes');
  const issued = JSON.parse(run('token', 'issue', 'zoe', '--json')) as { provisioning_url: string };
  const address = issued.provisioning_url;
  await page.locator(`#address[value="${address}"]`).waitFor({ timeout: patienceMs });
  assert.match(await (await fetch(address, { headers: phone })).text(), /auth_info_0/);
  await page.locator('#code[data-state="delivered"]').waitFor({ timeout: patienceMs });
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.waitForTimeout(1_500);
  assert.deepEqual(requests, []);
  assert.deepEqual(complaints, []);
});
