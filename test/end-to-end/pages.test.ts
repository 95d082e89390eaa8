import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page as BrowserPage } from 'playwright-core';
import { contentSecurityPolicy, type Page } from '../../src/http/page.ts';
import { stylesheet } from '../../src/panel/assets.ts';
import { apiManualPage } from '../../src/panel/pages/api-manual.ts';
import { homePage } from '../../src/panel/pages/home.ts';
import { landingPage, previewPage } from '../../src/panel/pages/landing.ts';
import { provisioningManualPage } from '../../src/panel/pages/provisioning-manual.ts';
import { firstAdministratorDone, firstAdministratorForm, firstAdministratorGone } from '../../src/panel/pages/setup.ts';
import { openTestApp } from '../support/app.ts';
import { browserPrograms, startBrowser } from '../support/browser.ts';
import { sqliteUrl } from '../support/databases.ts';
import { requirePrograms } from '../support/debian.ts';
import { qrReaderPrograms, readQrCode } from '../support/qr-reader.ts';
import { startServe } from '../support/serve.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const domain = 'sip.example.test';
const publicUrl = 'https://ringup.example.test';
const url = `${publicUrl}/provisioning/h3Kd9_sLq0Zb1cVxYpTt4w`;
const long = 'name_without_a_single_place_to_break_it_'.repeat(3);
const hostile = '"><script>alert(1)</script>';
const looks = (['light', 'dark'] as const).flatMap((colorScheme) => [
  { colorScheme, viewport: { width: 390, height: 844 } },
  { colorScheme, viewport: { width: 1280, height: 800 } },
]);

const pages: Readonly<Record<string, Page>> = {
  home: homePage(''),
  landing: landingPage('', { name: 'Example Phones', url }),
  'landing-warning': landingPage('', { name: domain, url: 'http://127.0.0.1:8080/provisioning/h3Kd9?reset_password' }),
  'landing-hostile': landingPage('', { name: `${hostile} ${long}`, url: `${url}?a=${hostile}&b=${long}` }),
  'landing-invalid': landingPage('', undefined),
  'landing-preview': previewPage(''),
  form: firstAdministratorForm({ prefix: '', domain, passwordMinLength: 3 }),
  'form-refused': firstAdministratorForm({
    prefix: '',
    domain: `${long}.test`,
    passwordMinLength: 3,
    mistakes: { username: [`must match ${long}`], password: ['is required'], [long]: ['is not a known field'] },
    values: { username: hostile },
  }),
  done: firstAdministratorDone({ username: 'admin', domain, apiKey: 'k8s0dJ2lq9vBn3mXz7cRt5', publicUrl }),
  gone: firstAdministratorGone(''),
  'provisioning-manual': provisioningManualPage(publicUrl),
};

test('every page is accessible, complete with its stylesheet and fits, in light and dark, on a phone and on a desktop', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const shown = { ...pages, 'api-manual': apiManualPage(await openapi(t)) };
  const origin = await serve(t, shown);
  const browser = await startBrowser();
  t.after(() => browser.close());
  for (const look of looks) {
    const context = await browser.newContext(look);
    const page = await context.newPage();
    const complaints = listen(page);
    for (const name of Object.keys(shown)) {
      await t.test(`${name}, ${look.colorScheme}, ${look.viewport.width} pixels wide`, async () => {
        await page.goto(`${origin}/${name}`);
        await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
        assert.deepEqual(await violations(page), []);
        assert.deepEqual(complaints.splice(0), []);
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), look.viewport.width);
      });
    }
    await context.close();
  }
});

test('a browser reads hostile values as they are', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const origin = await serve(t, pages);
  const browser = await startBrowser();
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`${origin}/landing-hostile`);
  assert.equal(await page.locator('h1').textContent(), `Set up Linphone for ${hostile} ${long}`);
  assert.equal(await page.locator('#address').inputValue(), `${url}?a=${hostile}&b=${long}`);
  assert.equal(await page.locator('a.button').getAttribute('href'), `linphone-config:${url}?a=${hostile}&b=${long}`);
  assert.equal(await page.locator('script').count(), 0);
});

test('a newcomer makes the first administrator, an account, and sees its code, all in a browser', async (t) => {
  if (!requirePrograms(t, { ...browserPrograms, ...qrReaderPrograms })) return;
  const serving = await startServe({ RINGUP_DATA_DIR: tempDirectory() });
  t.after(() => serving.stop());
  const link = /http\S*\/setup\/\S+/.exec(serving.said())?.[0];
  assert.ok(link, serving.said());
  const browser = await startBrowser();
  t.after(() => browser.close());
  const page = await browser.newPage({ colorScheme: 'dark' });
  await page.goto(link);

  await page.getByLabel('User name').fill('Ad Min');
  await page.getByLabel('Password').fill('administrator');
  await page.getByRole('button').click();
  await page.getByRole('alert').getByRole('link').click();
  assert.equal(await page.locator(':focus').inputValue(), 'Ad Min');
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password').fill('administrator');
  await page.getByRole('button').click();

  const key = await page.locator('#api-key').inputValue();
  assert.ok((await page.locator('pre').textContent())?.includes(`-H 'x-api-key: ${key}'`));
  const made = await fetch(`${serving.url}/api/accounts`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'alice', password: 'secret' }),
  });
  const account: unknown = await made.json();
  assert.ok(typeof account === 'object' && account !== null && 'provisioning_token' in account);

  const address = `${serving.url}/provisioning/${account.provisioning_token}`;
  await page.goto(address);
  assert.equal(await page.locator('#address').inputValue(), address);
  assert.equal(await readQrCode(await page.locator('figure').screenshot()), address);
  assert.equal(await page.goto(link).then((response) => response?.status()), 404);
});

/** The document of the real API. */
async function openapi(t: TestContext): Promise<unknown> {
  const app = await openTestApp(sqliteUrl(join(tempDirectory(), 'ringup.sqlite')));
  t.after(() => app.close());
  return (await app.api('GET', '/api/openapi.json')).json;
}

/** Each page under its name, with status 200: a browser would report any other on its console. */
async function serve(t: TestContext, shown: Readonly<Record<string, Page>>): Promise<string> {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': contentSecurityPolicy };
  const server = createServer((request, response) => {
    const path = request.url?.slice(1) ?? '';
    if (path === `assets/${stylesheet.name}`) {
      response.writeHead(200, { 'content-type': stylesheet.type }).end(stylesheet.bytes);
      return;
    }
    const page = shown[path];
    response.writeHead(page === undefined ? 404 : 200, headers).end(page?.html);
  });
  t.after(() => server.close().closeAllConnections());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const listening = server.address();
  assert(listening !== null && typeof listening === 'object');
  return `http://127.0.0.1:${listening.port}`;
}

/** What the browser complains of, on its console (what the policy refused included) and of requests to anywhere else. */
function listen(page: BrowserPage): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const isOurs = request.url().startsWith('data:') || request.url().endsWith(`/assets/${stylesheet.name}`);
    if (!request.isNavigationRequest() && !isOurs) complaints.push(request.url());
  });
  return complaints;
}

async function violations(page: BrowserPage): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
