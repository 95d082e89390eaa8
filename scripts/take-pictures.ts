/*
 * Takes the screenshots in docs/pictures/ from a server with invented people: `node scripts/take-pictures.ts [FOLDER]`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { startBrowser } from '../test/support/browser.ts';
import { startServe } from '../test/support/serve.ts';
import { tempDirectory } from '../test/support/temp-directory.ts';

const folder = process.argv[2] ?? join(import.meta.dirname, '../docs/pictures');
const domain = 'kontor-nord.example';
const environment = { RINGUP_DATA_DIR: tempDirectory(), RINGUP_SIP_DOMAIN: domain };
const password = 'kowalczyk1';

const people = [
  ['amelie.dufour', 'Amélie Dufour-Lacroix', 'Vertrieb'],
  ['s.volkov', 'Сергей Иванович Волков', 'Lager'],
  ['maria.fernanda', 'Maria Fernanda de Oliveira Vasconcelos', 'Vertrieb'],
  ['m.alomari', 'محمد بن عبد الله العمري', 'Lager'],
  ['katerina', 'Αικατερίνη Παπαδοπούλου', 'Einkauf'],
  ['siobhan', 'Siobhán Ní Bhraonáin', 'Einkauf'],
  ['lukasz', 'Łukasz Wójcik', 'Lager'],
  ['reception', 'Reception, ground floor', 'Empfang'],
] as const;

interface Picture {
  readonly name: string;
  readonly path: string;
  readonly look: BrowserContextOptions & { readonly viewport: { readonly width: number; readonly height: number } };
}

const desktop = { viewport: { width: 1280, height: 840 }, colorScheme: 'light' } as const;
const dark = { ...desktop, colorScheme: 'dark' } as const;
const phone = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  userAgent: 'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36',
} as const;

function run(...words: string[]): string {
  const program = join(import.meta.dirname, '../bin/ringup.cjs');
  return execFileSync(process.execPath, [program, ...words], { env: { ...process.env, ...environment } }).toString();
}

/** Fills the server with invented people. Returns the path of a code that is still valid. */
async function fill(url: string): Promise<string> {
  const code = (words: string[]): string => {
    const made: { provisioning_token: string } = JSON.parse(run(...words, '--json'));
    return `/provisioning/${made.provisioning_token}`;
  };
  run('space', 'set', domain, 'name=Kontor Nord', 'time_zone=Europe/Berlin');
  run('space', 'set', domain, 'contact_text=Marta in the office, +49 431 555 0199');
  run('account', 'add', 'marta', '--admin', '--activated', '--display-name', 'Marta Kowalczyk', '--password', password);
  const codes = people.map(([username, name, group]) =>
    code(['account', 'add', username, '--display-name', name, '--group', group]),
  );
  const agent = 'LinphoneAndroid/6.0.12 (Pixel 8) LinphoneSDK/5.4.30';
  for (const path of codes.slice(1, 3)) {
    await (await fetch(`${url}${path}`, { headers: { 'user-agent': agent, 'x-linphone-provisioning': '1' } })).text();
  }
  run('account', 'block', 'lukasz');
  return codes[0] ?? '';
}

async function take(browser: Browser, url: string, { name, path, look }: Picture): Promise<void> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', ...look });
  const page = await context.newPage();
  if (path.startsWith('/admin')) {
    await page.goto(`${url}/login`);
    await page.locator('#username').fill('marta');
    await page.locator('#password').fill(password);
    await page.locator('main button').click();
  }
  await page.goto(`${url}${path}`);
  writeFileSync(join(folder, `${name}.png`), await page.screenshot());
  console.log(name, look.viewport.width, await page.evaluate('document.documentElement.scrollWidth'));
  await context.close();
}

mkdirSync(folder, { recursive: true });
run('migrate');
const serving = await startServe(environment);
const browser = await startBrowser();
try {
  const code = await fill(serving.url);
  const pictures: readonly Picture[] = [
    { name: 'landing-desktop', path: code, look: desktop },
    { name: 'landing-phone', path: code, look: phone },
    { name: 'accounts', path: '/admin/accounts', look: desktop },
    { name: 'accounts-phone', path: '/admin/accounts', look: phone },
    { name: 'code', path: '/admin/accounts/2/provisioning', look: dark },
    { name: 'timeline', path: '/admin/accounts/3/events', look: desktop },
    { name: 'sheet', path: `/admin/sheet?${[2, 5, 6, 7, 9].map((id) => `account=${id}`).join('&')}`, look: desktop },
  ];
  for (const picture of pictures) await take(browser, serving.url, picture);
} finally {
  await browser.close();
  await serving.stop();
}
