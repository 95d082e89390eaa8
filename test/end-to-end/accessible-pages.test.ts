import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { violations } from '../support/accessibility.ts';
import { apiWith } from '../support/api-client.ts';
import { browserPrograms, startBrowser } from '../support/browser.ts';
import { requirePrograms } from '../support/debian.ts';
import { everyPage, type PanelPage } from '../support/panel-pages.ts';
import { type ServingProcess, startServe } from '../support/serve.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

const maxHtmlBytes = 60_000;
/** Its text is the manual of the whole API. */
const longPages: readonly string[] = ['/api'];
const long = 'name_without_a_single_place_to_break_it_'.repeat(2);

interface Scene {
  readonly browser: Browser;
  readonly url: string;
  readonly pages: readonly PanelPage[];
}

const stops: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const stop of stops) await stop();
});

let shared: Promise<Scene> | undefined;
/** All tests only look at the same one. */
function openScene(): Promise<Scene> {
  shared ??= makeScene();
  return shared;
}

/** A server with an account that has some of everything, whose texts are long. */
async function makeScene(): Promise<Scene> {
  const environment = { RINGUP_DATA_DIR: tempDirectory() };
  const serving = await startServe(environment);
  stops.push(() => serving.stop());
  const run = (...words: string[]) =>
    execFileSync(process.execPath, ['bin/ringup.cjs', ...words], {
      env: { ...process.env, ...environment },
    }).toString();
  const setup = tokenIn(serving.said());
  run('account', 'add', 'marta', '--admin', '--activated', '--password', 'kowalczyk1');
  run(
    'account',
    'add',
    'zoe',
    '--display-name',
    `Zoë ${long.slice(0, 55)}`,
    '--email',
    'zoe@example.org',
    '--group',
    long.slice(0, 60),
  );
  await usePhone(serving, JSON.parse(run('token', 'issue', 'zoe', '--json')).provisioning_url);
  run('token', 'issue', 'zoe');
  run('external', 'set', 'zoe', '--username', 'out', '--domain', 'other.example.org', '--password', 'p');
  run('contact', 'add', 'zoe', 'marta');
  const [{ domain }] = JSON.parse(run('space', 'list', '--json'));
  run('space', 'set', domain, `name=${long}`, `contact_text=${long}`, 'linphonerc=[misc]\nlog_level=1');
  run('space', 'set', domain, 'linphonerc=[misc]\nlog_level=2');
  await addByApi(
    serving,
    domain,
    JSON.parse(run('api-key', 'create', 'marta', '--name', long.slice(0, 60), '--json')).api_key,
  );
  const pages = everyPage({
    id: '2',
    domain,
    '/setup/:token token': [setup, 'gone'],
    '/login/link/:token token': 'gone',
    '/login/reset/:token token': 'gone',
    '/admin/import/:id id': '1',
    contactId: '1',
    listId: '1',
    versionId: '1',
  });
  const browser = await startBrowser();
  stops.push(() => browser.close());
  return { browser, url: serving.url, pages };
}

/** Adds what the commands of the scene do not: an import with mistakes, a contact from outside and a contact list. */
async function addByApi({ url }: ServingProcess, domain: string, key: string): Promise<void> {
  const ask = async (path: string, type: string, body: string) => {
    const headers = { 'x-api-key': key, 'content-type': type };
    const { status } = await fetch(`${url}/api${path}`, { method: 'POST', headers, body });
    return status;
  };
  const contact = { name: long, sip_uri: `sip:${long}@example.org`, organization: long };
  assert.equal(await ask(`/spaces/${domain}/outside_contacts`, 'application/json', JSON.stringify(contact)), 200);
  const list = JSON.stringify({ title: long, description: long });
  assert.equal(await ask('/contacts_lists', 'application/json', list), 200);
  for (const path of ['/contacts_lists/1/contacts/2', '/accounts/2/contacts_lists/1']) {
    assert.equal(await ask(path, 'application/json', '{}'), 200, path);
  }
  const table = `username,name,phone,Remarks\nlena,${long},"3,36E+10",x\n${long},Wim,+49431555,x\nabdul,عبد الله,,x\n`;
  // A busy server may take longer than a request waits.
  assert.ok([200, 202].includes(await ask('/accounts/import?dry_run=true', 'text/csv', table)));
  const api = apiWith(url, key);
  assert.ok(await waitUntil(async () => (await api('GET', '/api/imports/1')).state !== 'checking'));
}

function tokenIn(said: string): string {
  return /\/setup\/(\S+)/.exec(said)?.[1] ?? 'gone';
}

async function usePhone({ url }: ServingProcess, address: string): Promise<void> {
  const agent = `LinphoneAndroid/6.0.12 (${long}) LinphoneSDK/5.4.30`;
  const headers = { 'user-agent': agent, 'x-linphone-provisioning': '1' };
  await (await fetch(new URL(new URL(address).pathname, url), { headers })).arrayBuffer();
}

/** Opens pages as an administrator, or as a stranger where anyone may. */
async function openers(
  { browser, url }: Scene,
  look: BrowserContextOptions,
): Promise<(page: PanelPage) => Promise<Opened>> {
  const stranger = await (await browser.newContext(look)).newPage();
  const administrator = await (await browser.newContext(look)).newPage();
  await administrator.goto(`${url}/login`);
  await administrator.locator('#username').fill('marta');
  await administrator.locator('#password').fill('kowalczyk1');
  await administrator.locator('main button').click();
  const complaints: string[] = [];
  for (const page of [stranger, administrator]) {
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  }
  return async ({ path, caller }) => {
    const page = caller === 'anyone' ? stranger : administrator;
    const response = await page.goto(`${url}${path}`);
    const html = (await response?.text()) ?? '';
    const isRefusal = (text: string) => /the server responded with a status of 4/.test(text);
    return { page, html, complaints: complaints.splice(0).filter((text) => !isRefusal(text)) };
  };
}

interface Opened {
  readonly page: Page;
  readonly html: string;
  /** What the browser says, about our policy too. */
  readonly complaints: readonly string[];
}

const allRules = { rules: { 'target-size': { enabled: true } } };
/** What a second look at a page in other colours or at another width can change. */
const rulesOfLooks = {
  runOnly: ['color-contrast', 'target-size', 'link-in-text-block', 'scrollable-region-focusable'],
};

const looks = [
  {
    rules: allRules,
    name: 'on a phone, light, English',
    viewport: { width: 390, height: 844 },
    colorScheme: 'light',
    locale: 'en-GB',
  },
  {
    rules: allRules,
    name: 'on a desktop, dark, French',
    viewport: { width: 1280, height: 800 },
    colorScheme: 'dark',
    locale: 'fr-FR',
  },
  {
    rules: rulesOfLooks,
    name: 'on a phone, dark, French',
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
    locale: 'fr-FR',
  },
  {
    rules: rulesOfLooks,
    name: 'in forced colours',
    viewport: { width: 1280, height: 800 },
    forcedColors: 'active',
    locale: 'en-GB',
  },
] as const;

test('every page is accessible, keeps to the content security policy, and fits the screen', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const scene = await openScene();
  for (const { name, rules, ...look } of looks) {
    const open = await openers(scene, look);
    for (const shown of scene.pages) {
      await t.test(`${shown.path} is accessible and fits the screen ${name}`, async () => {
        const { page, html, complaints } = await open(shown);
        assert.deepEqual(await violations(page, rules), []);
        assert.deepEqual(complaints, []);
        assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth')) <= look.viewport.width);
        const language = await page.locator('html').getAttribute('lang');
        assert.equal(language, look.locale.slice(0, 2));
        if (!longPages.includes(shown.route)) assert.ok(html.length <= maxHtmlBytes, `${html.length} bytes`);
        assert.doesNotMatch(html, /<script(?![^>]* src=)|<style|<[^>]+ style=|<[^>]+ on[a-z]+=|javascript:/);
      });
    }
  }
});

test('every page reads in one column at 400 % zoom', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const scene = await openScene();
  const open = await openers(scene, { viewport: { width: 320, height: 256 } });
  for (const shown of scene.pages) {
    await t.test(`${shown.path} reads in one column`, async () => {
      const { page } = await open(shown);
      await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
      assert.deepEqual(await page.evaluate(tooWide), []);
    });
  }
});

test('every page can be used by keyboard alone, in the order of its text', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const scene = await openScene();
  const open = await openers(scene, { viewport: { width: 1280, height: 800 } });
  for (const shown of scene.pages) {
    await t.test(`${shown.path} can be used by keyboard`, async () => {
      const { page } = await open(shown);
      await page.evaluate('document.activeElement.blur()');
      const steps: Step[] = [];
      for (let count = 0; count < 40; count++) {
        await page.keyboard.press('Tab');
        const step = (await page.evaluate(focused)) as Step | null;
        // After the last step, the browser begins again.
        if (step === null || steps.some(({ place }) => place === step.place)) break;
        steps.push(step);
      }
      if (steps.some(({ tag }) => tag === 'a') && (await page.locator('.skip').count()) > 0) {
        assert.equal(steps[0]?.href, '#main', 'the first step leads past the navigation');
      }
      for (const { tag, text, outline } of steps) assert.ok(outline >= 2, `${tag} ${text}: ${outline}`);
      const places = steps.map(({ place }) => place);
      assert.deepEqual(
        places,
        places.toSorted((one, other) => one - other),
      );
    });
  }
});

test('every page with navigation prints without it', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const scene = await openScene();
  const open = await openers(scene, { viewport: { width: 1280, height: 800 } });
  for (const shown of scene.pages) {
    const { page } = await open(shown);
    await page.emulateMedia({ media: 'print' });
    for (const part of ['.nav', '.bar', '.skip']) {
      for (const each of await page.locator(part).all())
        assert.equal(await each.isVisible(), false, `${shown.path} ${part}`);
    }
    await page.emulateMedia({ media: null });
  }
});

interface Step {
  readonly tag: string;
  readonly text: string;
  readonly href: string | null;
  /** The width of the ring around what has the focus, in pixels. */
  readonly outline: number;
  /** Its place in the document. */
  readonly place: number;
}

/** In the browser: what has the focus; null if nothing has it any more. */
const focused = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body || element === document.documentElement) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return {
    tag: element.localName,
    text: (element.textContent || element.name || '').trim().slice(0, 40),
    href: element.getAttribute('href'),
    outline: outlineStyle === 'none' ? 0 : parseFloat(outlineWidth),
    place: [...document.querySelectorAll('*')].indexOf(element),
  };
})()`;

/** In the browser: what reaches beyond the window, if the page scrolls sideways. */
const tooWide = `document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 1)
  .map((element) => element.outerHTML.slice(0, 120))`;
