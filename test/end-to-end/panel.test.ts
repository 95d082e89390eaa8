import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { looks, violations } from '../support/accessibility.ts';
import { browserPrograms } from '../support/browser.ts';
import { requirePrograms } from '../support/debian.ts';
import { qrReaderPrograms, readQrCode } from '../support/qr-reader.ts';
import { type ServedPanel, servePanel, signInAt } from '../support/serve-panel.ts';

const hostile = '"><script>alert(1)</script>';
const long = 'name_without_a_single_place_to_break_it_'.repeat(2);

async function openPanel(t: TestContext): Promise<ServedPanel> {
  const panel = await servePanel(t);
  const { run } = panel;
  run(
    'account',
    'add',
    'zoe',
    '--display-name',
    `Zoë ${hostile} ${long}`,
    '--email',
    'zoe@example.org',
    '--group',
    'Sales',
  );
  run('account', 'set', 'zoe', `linphonerc=[sip]\nmedia_encryption=zrtp\n[net]\nmtuu=${long}`);
  run('contact', 'add', 'marta', 'zoe');
  const [code = ''] = /http:\S+\/provisioning\/\S+/.exec(run('token', 'issue', 'zoe')) ?? [];
  await (await fetch(code, { headers: { 'user-agent': `LinphoneAndroid/6.0 (${long}) LinphoneSDK/5.4` } })).text();
  run('token', 'issue', 'zoe');
  return panel;
}

async function signedIn({ browser, serving }: ServedPanel, look: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext(look);
  const page = await context.newPage();
  await signInAt(page, serving);
  return page;
}

test('an administrator adds an account without JavaScript, and a reader finds its address in the code', async (t) => {
  if (!requirePrograms(t, { ...browserPrograms, ...qrReaderPrograms })) return;
  const panel = await openPanel(t);
  const page = await signedIn(panel, { javaScriptEnabled: false });
  await page.getByRole('link', { name: 'Add an account' }).click();
  await page.getByLabel('Name (optional)').fill('Łukasz Wójcik');
  await page.getByLabel('User name').fill('Lukasz W');
  await page.getByRole('button', { name: 'Add an account' }).click();
  assert.match((await page.locator('#username-mistake').textContent()) ?? '', /Use only small letters/);
  assert.equal(await page.getByLabel('Name (optional)').inputValue(), 'Łukasz Wójcik');
  await page.getByLabel('User name').fill('lukasz');
  await page.getByRole('button', { name: 'Add an account' }).click();
  const address = await page.locator('#address').inputValue();
  assert.equal(await readQrCode(await page.locator('img.qr').screenshot()), address);
  const phone = await fetch(address);
  assert.match(await phone.text(), /auth_info_0/);
  await page.reload();
  assert.equal(await page.locator('#address').count(), 0);
});

test('the list searches while one types, opens a code in place, keeps what is ticked, and blocks and unblocks', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const panel = await openPanel(t);
  const page = await signedIn(panel, { viewport: { width: 1280, height: 800 } });
  const rows = page.locator('tr[data-id]');
  await page.goto(`${panel.serving.url}/admin/accounts`);
  assert.equal(await rows.count(), 2);
  const zoe = rows.filter({ hasText: 'Zoë' });
  await zoe.getByRole('checkbox').check();
  await zoe.getByRole('link', { name: /^Code/ }).click();
  await page.locator('tr.opened img.qr').waitFor();
  assert.equal(await page.evaluate('document.activeElement.id'), 'code-2');
  assert.equal(await zoe.getByRole('checkbox').isChecked(), true);
  await zoe.getByRole('link', { name: /^Close/ }).click();
  await page.locator('tr.opened').waitFor({ state: 'detached' });
  await page.getByRole('searchbox').pressSequentially('MARTA');
  await page.waitForURL(/search=MARTA/);
  await zoe.waitFor({ state: 'detached' });
  assert.equal(await rows.count(), 1);
  assert.equal(await page.evaluate('document.activeElement.name'), 'search');
  await page.goto(`${panel.serving.url}/admin/accounts?search=zoe`);
  await zoe.getByRole('checkbox').check();
  await page.locator('#bulk').getByRole('button', { name: 'Block' }).click();
  assert.equal(await rows.getAttribute('data-state'), 'blocked');
  await page.getByRole('button', { name: 'Undo' }).click();
  assert.equal(await rows.getAttribute('data-state'), 'active');
});

test('every page of the panel is accessible and fits the screen, in light and dark, in both languages', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const panel = await openPanel(t);
  panel.run('account', 'add', 'leaver');
  const paths = [
    '/login',
    '/admin',
    '/admin/welcome',
    '/admin/welcome?step=phone',
    '/admin/welcome?step=mail',
    '/admin/accounts',
    '/admin/accounts?search=nobody',
    '/admin/accounts?open=2&group=Sales',
    '/admin/accounts/new',
    '/admin/accounts/2',
    '/admin/accounts/2/provisioning',
    '/admin/accounts/2/devices',
    '/admin/accounts/2/devices?revoke=1',
    '/admin/accounts/2/external',
    '/admin/accounts/2/contacts',
    '/admin/accounts/2/settings',
    '/admin/accounts/2/preview',
    '/admin/accounts/2/events',
    '/admin/accounts/2/block',
    '/admin/accounts/2/delete',
    '/account',
    '/account/devices',
    '/account/contacts',
    '/account/password',
    '/account/sessions',
  ];
  for (const { look, isJudged } of looks) {
    const page = await signedIn(panel, look);
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    const isGood = `is accessible and fits ${look.viewport.width} pixels in ${look.colorScheme} colours`;
    const judge = async (): Promise<void> => {
      if (isJudged) assert.deepEqual(await violations(page), []);
      assert.deepEqual(complaints.splice(0), []);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), look.viewport.width);
      assert.equal(await page.locator('html').getAttribute('lang'), look.colorScheme === 'dark' ? 'fr' : 'en');
    };
    for (const path of paths) {
      await t.test(`${path} ${isGood}`, async () => {
        await page.goto(`${panel.serving.url}${path}`);
        await judge();
      });
    }
    await t.test(`the list that says what was blocked ${isGood}`, async () => {
      const says = page.locator('.banner button');
      await page.goto(`${panel.serving.url}/admin/accounts?search=leaver`);
      await page.locator('tr[data-id]').getByRole('checkbox').check();
      await page.locator('#bulk button[value=block]').click();
      await says.and(page.locator('[value=unblock]')).waitFor();
      await judge();
      await says.click();
      await says.and(page.locator('[value=block]')).waitFor();
    });
    await page.context().close();
  }
});
