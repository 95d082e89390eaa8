import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Page as BrowserPage } from 'playwright-core';
import { contentSecurityPolicy, type Page } from '../../src/http/page.ts';
import { type Language, translator } from '../../src/locale/translate.ts';
import { readApiExamples } from '../../src/panel/api-examples.ts';
import { assets } from '../../src/panel/assets.ts';
import { apiManualPage } from '../../src/panel/pages/api-manual.ts';
import { failurePage } from '../../src/panel/pages/failure.ts';
import { homePage } from '../../src/panel/pages/home.ts';
import { type Invitation, landingPage } from '../../src/panel/pages/landing.ts';
import { previewPage } from '../../src/panel/pages/landing-without-code.ts';
import { setupLinkGone } from '../../src/panel/pages/link-gone.ts';
import { provisioningManualPage } from '../../src/panel/pages/provisioning-manual.ts';
import { type SetupStep, type Step, setupStep } from '../../src/panel/pages/setup-steps.ts';
import { looks, violations } from '../support/accessibility.ts';
import { openTestApp } from '../support/app.ts';
import { browserPrograms, startBrowser } from '../support/browser.ts';
import { checkSipServer } from '../support/check-sip-server.ts';
import { sqliteUrl } from '../support/databases.ts';
import { requirePrograms } from '../support/debian.ts';
import { qrReaderPrograms, readQrCode } from '../support/qr-reader.ts';
import { startServe } from '../support/serve.ts';
import { startSipServer } from '../support/sip-server.ts';
import { spaceNamed } from '../support/spaces.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const domain = 'sip.example.test';
const publicUrl = 'https://ringup.example.test';
const url = `${publicUrl}/provisioning/h3Kd9_sLq0Zb1cVxYpTt4w`;
const long = 'name_without_a_single_place_to_break_it_'.repeat(3);
const hostile = '"><script>alert(1)</script>';

function setupPage(step: Step, more: Partial<SetupStep> = {}): Page {
  const space = { domain, registrar: null, passwordMinLength: 3 };
  return setupStep({ reader: readerIn('en'), step, space, draft: { domain }, isFixed: false, ...more });
}

const readerIn = (language: Language) =>
  ({ language, t: translator(language), prefix: '', timeZone: 'Europe/Berlin' }) as const;

interface Landing {
  readonly state?: Invitation['state'];
  readonly name?: string;
  readonly url?: string;
  readonly agent?: string;
  readonly language?: Language;
}

function landing({ state = 'valid', name = 'Example Phones', agent = '', language = 'en', ...more }: Landing): Page {
  const visit = { reader: readerIn(language), url: '/provisioning/x', agent };
  const space = spaceNamed(name);
  if (state !== 'valid') return landingPage(visit, { state, space });
  return landingPage(visit, {
    state,
    space,
    language,
    name,
    url: more.url ?? url,
    expiresAt: 604_800_000,
    events: null,
  });
}

const pages: Readonly<Record<string, Page>> = {
  home: homePage(readerIn('en')),
  landing: landing({}),
  'landing-phone': landing({ agent: 'Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile' }),
  'landing-french': landing({ language: 'fr', url: `${url}?reset_password` }),
  'landing-hostile': landing({ name: `${hostile} ${long}`, url: `${url}?a=${hostile}&b=${long}` }),
  'landing-over': landing({ state: 'not-valid' }),
  'landing-full': landing({ state: 'full' }),
  'landing-preview': previewPage(readerIn('en')),
  'setup-domain': setupPage('domain'),
  'setup-domain-fixed': setupPage('domain', { isFixed: true }),
  'setup-domain-refused': setupPage('domain', { mistakes: { domain: [`${long} is not a domain.`] } }),
  'setup-registrar': setupPage('registrar'),
  'setup-registrar-silent': setupPage('registrar', { answer: { kind: 'no-answer' } }),
  'setup-registrar-heard': setupPage('registrar', {
    answer: { kind: 'response', status: 200, reason: 'OK', server: `Kamailio ${hostile}`, certificate: null },
  }),
  'setup-administrator': setupPage('administrator'),
  'setup-administrator-refused': setupPage('administrator', {
    draft: { domain: `${long}.test`, username: hostile },
    mistakes: { username: [`This does not match ${long}.`], password: ['Fill this in.'], [long]: ['Not here.'] },
  }),
  'setup-administrator-french': setupPage('administrator', { reader: readerIn('fr') }),
  'setup-registrar-french': setupPage('registrar', { reader: readerIn('fr'), answer: { kind: 'no-answer' } }),
  'setup-gone': setupLinkGone(readerIn('en')),
  failure: failurePage(readerIn('en'), {
    status: 409,
    url: '/',
    error: { code: 'conflict', facts: { why: 'not-a-file', path: long } },
  }),
  'failure-french': failurePage(readerIn('fr'), {
    status: 404,
    url: '/',
    error: { code: 'not-found', facts: { what: 'page' } },
  }),
  'provisioning-manual': provisioningManualPage(publicUrl),
};

test('every page is accessible, styled and fits the screen, in light and dark, on a phone and on a desktop', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const shown = { ...pages, 'api-manual': apiManualPage(await openapi(t), readApiExamples()) };
  const origin = await serve(t, shown);
  const browser = await startBrowser();
  t.after(() => browser.close());
  for (const { look, isJudged } of looks) {
    const context = await browser.newContext(look);
    const page = await context.newPage();
    const complaints = listen(page);
    for (const name of Object.keys(shown)) {
      await t.test(
        `${name} is accessible and fits ${look.viewport.width} pixels in ${look.colorScheme} colours`,
        async () => {
          await page.goto(`${origin}/${name}`);
          await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
          if (isJudged) assert.deepEqual(await violations(page), []);
          assert.deepEqual(complaints.splice(0), []);
          assert.equal(await page.evaluate('document.documentElement.scrollWidth'), look.viewport.width);
        },
      );
    }
    await context.close();
  }
});

test('a browser shows hostile values as text', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const origin = await serve(t, pages);
  const browser = await startBrowser();
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`${origin}/landing-hostile`);
  assert.equal(await page.locator('h1').textContent(), `Your ${hostile} ${long} calls, on your phone`);
  assert.equal(await page.locator('#address').inputValue(), `${url}?a=${hostile}&b=${long}`);
  assert.equal(await page.locator('a.button').getAttribute('href'), `linphone-config:${url}?a=${hostile}&b=${long}`);
  assert.equal(await page.locator('script:not([src])').count(), 0);
});

const landingPages = ['landing', 'landing-phone', 'landing-french', 'landing-over', 'landing-full', 'landing-preview'];

test('the page of a code breaks no word on a narrow phone whose text is twice as large', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const origin = await serve(t, pages);
  const browser = await startBrowser();
  t.after(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
  for (const name of landingPages) {
    await page.goto(`${origin}/${name}`);
    await page.evaluate('document.documentElement.style.fontSize = "200%"');
    await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
    assert.deepEqual(await page.evaluate(brokenWords), [], name);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360, name);
  }
});

test('the page of a code prints on one sheet', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const origin = await serve(t, pages);
  const browser = await startBrowser();
  t.after(() => browser.close());
  const page = await browser.newPage();
  for (const name of landingPages) {
    for (const format of ['A4', 'Letter']) {
      await page.goto(`${origin}/${name}`);
      await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
      const sheets = (await page.pdf({ format })).toString('latin1').match(/\/Type ?\/Page\b(?!s)/g);
      assert.equal(sheets?.length, 1, `${name}, ${format}`);
    }
  }
});

test('a newcomer creates the first administrator and sets a first phone up, all in a browser', async (t) => {
  if (!requirePrograms(t, { ...browserPrograms, ...qrReaderPrograms })) return;
  const serving = await startServe({ RINGUP_DATA_DIR: tempDirectory() });
  t.after(() => serving.stop());
  const link = /http\S*\/setup\/\S+/.exec(serving.said())?.[0];
  assert.ok(link, serving.said());
  const browser = await startBrowser();
  t.after(() => browser.close());
  const page = await browser.newPage({ colorScheme: 'dark' });
  await page.goto(link);

  await page.getByLabel('SIP domain').fill('https://sip.example.com');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('SIP domain').fill('sip.example.com');
  await page.getByRole('button', { name: 'Continue' }).click();
  const registrar = await startSipServer('tcp');
  t.after(() => registrar.stop());
  const uri = `sip:127.0.0.1:${registrar.port};transport=tcp`;
  await page.getByLabel('SIP server').fill(uri);
  await checkSipServer(page);
  assert.match((await page.getByRole('status').textContent()) ?? '', /The server answers: 200 OK\..*Small\/1\.0/);
  assert.equal(await page.getByLabel('SIP server').inputValue(), uri);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('User name').fill('Ad Min');
  await page.getByLabel('Password').fill('administrator');
  await page.getByRole('button', { name: 'Create' }).click();
  assert.equal(await page.getByLabel('User name').inputValue(), 'Ad Min');
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password').fill('administrator');
  await page.getByRole('button', { name: 'Create' }).click();

  assert.equal(await page.getByLabel('Address for phones').inputValue(), serving.url);
  await page.getByRole('button', { name: 'Do this later' }).click();
  const code = await readQrCode(await page.locator('img.qr').screenshot());
  assert.equal((await fetch(code)).status, 200);
  await page.getByRole('heading', { name: 'Done. This phone has its account.' }).waitFor();
  assert.equal(await page.goto(link).then((response) => response?.status()), 404);
});

/** In the browser: the words that stand on more than one line. Addresses and host names may break anywhere. */
const brokenWords = `[...document.querySelectorAll('body *')]
  .flatMap((element) => [...element.childNodes])
  .filter((node) => node.nodeType === Node.TEXT_NODE && node.parentElement.checkVisibility())
  .flatMap((node) => [...node.data.matchAll(/[\\p{L}\\p{N}’]+/gu)].map((word) => {
    const range = document.createRange();
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
    return lines.size > 1 ? node.parentElement.localName + ' ' + word[0] : undefined;
  }))
  .filter((word) => word !== undefined)`;

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
    const asset = assets.get(path.replace('assets/', ''));
    if (asset !== undefined) {
      response.writeHead(200, { 'content-type': asset.type }).end(asset.bytes);
      return;
    }
    const page = shown[path];
    // Nothing follows: 204 ends an event stream for good.
    if (request.url?.endsWith('/live')) response.writeHead(204).end();
    else response.writeHead(page === undefined ? 404 : 200, headers).end(page?.html);
  });
  t.after(() => server.close().closeAllConnections());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const listening = server.address();
  assert(listening !== null && typeof listening === 'object');
  return `http://127.0.0.1:${listening.port}`;
}

/**
 * What the browser complains of, on its console (what the policy refused included) and of requests to anywhere else.
 */
function listen(page: BrowserPage): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const isOurs = /^data:|^http:\/\/127\.0\.0\.1:\d+\/assets\//.test(request.url());
    if (!request.isNavigationRequest() && !isOurs) complaints.push(request.url());
  });
  return complaints;
}
