import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { browserPrograms } from '../support/browser.ts';
import { requirePrograms } from '../support/debian.ts';
import { servePanel, signInAt } from '../support/serve-panel.ts';
import { waitUntil } from '../support/wait-until.ts';

interface Form {
  /** The path of its page, in which `SPACE` is the path of the space. */
  readonly path: string;
  /** What is typed into its fields, by their ids. */
  readonly typed?: Readonly<Record<string, string>>;
  /** What its button does. */
  readonly action: string;
}

const forms: Readonly<Record<string, Form>> = {
  'a contact from outside': {
    path: 'SPACE/contacts',
    typed: { name: 'Taxi', sip_uri: 'taxi@example.com' },
    action: 'add',
  },
  'a contact list': { path: 'SPACE/contacts', typed: { title: 'Sales' }, action: 'list' },
  'an API key': { path: 'SPACE/api-keys', typed: { name: 'Robot' }, action: 'create' },
  'a mail with a code': { path: '/admin/accounts/2/provisioning', action: 'mail' },
};

/** Returns the place of a button, because Playwright looks at no page that is about to be left. */
async function placeOf(button: Locator): Promise<readonly [x: number, y: number]> {
  await button.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await button.boundingBox()) ?? assert.fail('the button is not shown');
  return [x + width / 2, y + height / 2];
}

async function openPanel(t: TestContext) {
  const environment = { RINGUP_SMTP_URL: 'smtp://127.0.0.1:9', RINGUP_MAIL_FROM: 'ringup@example.com' };
  const { serving, browser, run } = await servePanel(t, { environment });
  run('account', 'add', 'zoe', '--email', 'zoe@example.com');
  const [{ domain }] = JSON.parse(run('space', 'list', '--json'));
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await page.clock.install();
  await signInAt(page, serving, '/admin');
  await page.getByRole('heading', { level: 1 }).waitFor();
  const open = ({ path }: Form) => page.goto(`${serving.url}${path.replace('SPACE', `/admin/spaces/${domain}`)}`);
  const fillIn = async ({ typed = {}, action }: Form): Promise<readonly [x: number, y: number]> => {
    await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
    for (const [id, value] of Object.entries(typed)) await page.locator(`#${id}`).fill(value);
    return placeOf(page.locator(`button[value="${action}"]`));
  };
  return { page, open, fillIn };
}

test('a second click on a button that adds, creates or sends something does nothing', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const { page, open, fillIn } = await openPanel(t);
  let posts = 0;
  let mayAnswer = Promise.withResolvers<void>();
  await page.route('**/admin/**', async (route) => {
    if (route.request().method() === 'POST') {
      posts += 1;
      await mayAnswer.promise;
    }
    await route.continue().catch(() => undefined);
  });
  for (const [what, form] of Object.entries(forms)) {
    await t.test(what, async () => {
      posts = 0;
      mayAnswer = Promise.withResolvers<void>();
      await open(form);
      const place = await fillIn(form);
      await page.mouse.click(...place);
      assert.ok(await waitUntil(() => posts > 0));
      await page.mouse.click(...place);
      mayAnswer.resolve();
      await page.waitForURL('**?done=*');
      assert.equal(posts, 1);
    });
  }
});

test('a form can be sent again after the back button, and after an answer that shows no page', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const { page, open, fillIn } = await openPanel(t);
  const form = forms['a contact from outside'] ?? assert.fail();
  await open(form);
  await page.mouse.click(...(await fillIn(form)));
  await page.waitForURL('**?done=add');
  await page.goBack();
  await page.mouse.click(...(await fillIn({ ...form, typed: { name: 'Bus', sip_uri: 'bus@example.com' } })));
  await page.locator('.outside tbody tr').nth(1).waitFor();
  let posts = 0;
  await page.route('**/admin/**', async (route) => {
    if (route.request().method() === 'POST') posts += 1;
    await route.fulfill({ status: 204 });
  });
  const place = await placeOf(page.locator('button[value="directory"]'));
  await page.mouse.click(...place);
  assert.ok(await waitUntil(() => posts === 1));
  await page.mouse.click(...place);
  await page.clock.fastForward(10_000);
  assert.equal(posts, 1);
  await page.mouse.click(...place);
  assert.ok(await waitUntil(() => posts === 2));
});
