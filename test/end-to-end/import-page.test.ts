import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { looks, violations } from '../support/accessibility.ts';
import { browserPrograms } from '../support/browser.ts';
import { requirePrograms } from '../support/debian.ts';
import { servePanel, signInAt } from '../support/serve-panel.ts';

const long = 'a_cell_without_a_single_place_to_break_it_'.repeat(4);
const hostile = '"><img src=x onerror=alert(1)>';
const good = Array.from({ length: 8 }, (_, index) => `good${index},Good ${index},good${index}@x.example,,,`);
const file = [
  `username,name,email,phone,admin,${long}`,
  ...good,
  'boss,The Boss,,,yes,x',
  'chloe,Chlo?,c@x.example,"3,36E+10",,x',
  `bad name,"${hostile.replaceAll('"', '""')}","m@x,example",201,maybe,${long}`,
  `ok,${long.slice(0, 110)},,,,`,
].join('\n');

/** Where to leave pictures of the pages, for people. */
const pictures = process.env.RINGUP_TEST_PICTURES;

async function signedIn(t: TestContext): Promise<{ browser: Browser; page: Page; url: string }> {
  const { serving, browser } = await servePanel(t);
  const page = await (await browser.newContext()).newPage();
  await signInAt(page, serving);
  return { browser, page, url: serving.url };
}

async function paste(page: Page, url: string, text: string): Promise<void> {
  await page.goto(`${url}/admin/import`);
  await page.locator('#text').fill(text);
  await page.locator('[name=allow_admin]').check();
  await page.locator('main form .buttons button').click();
  await page.waitForURL(/\/admin\/import\/\d+/);
}

/** A wrong cell has the edge of mistakes, and a number stands in one line. */
async function assertMarked(page: Page): Promise<void> {
  const seen = await page.evaluate(`(() => {
    const edge = (which) => getComputedStyle(document.querySelector(which)).borderTopColor;
    const number = document.querySelector('.ready .number');
    return {
      isMarked: edge('.mend [aria-invalid=true]') !== edge('.mend td input:not([aria-invalid])'),
      wraps: getComputedStyle(number).whiteSpace !== 'nowrap' || number.scrollWidth > number.clientWidth,
    };
  })()`);
  assert.deepEqual(seen, { isMarked: true, wraps: false });
}

test('every page of an import is accessible and fits the screen, in light and dark, in both languages', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const { browser, page, url } = await signedIn(t);
  await paste(page, url, file);
  const mending = page.url();
  await page.locator('.mend').waitFor();
  await paste(page, url, good.slice(0, 3).join('\n').replace(/^/, 'username,name,email,phone,admin,x\n'));
  const ready = page.url();
  await page.locator('[value=import]').click();
  await page.locator('a[download]').waitFor();
  const pages = { form: `${url}/admin/import`, mending, done: ready, list: `${url}/admin/accounts` };
  for (const { look, isJudged } of looks) {
    const context = await browser.newContext({ ...look, storageState: await page.context().storageState() });
    const seen = await context.newPage();
    for (const [name, address] of Object.entries(pages)) {
      const where = `${name}-${look.colorScheme}-${look.viewport.width}`;
      await seen.goto(address);
      if (isJudged) assert.deepEqual(await violations(seen), [], where);
      assert.equal(await seen.evaluate('document.documentElement.scrollWidth'), look.viewport.width, where);
      if (name === 'mending') await assertMarked(seen);
      if (pictures !== undefined) await seen.screenshot({ path: join(pictures, `${where}.png`), fullPage: true });
    }
    await context.close();
  }
});
