import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page, Request } from 'playwright-core';
import { browserPrograms } from '../support/browser.ts';
import { requirePrograms } from '../support/debian.ts';
import { startMailServer, trustedByChildren } from '../support/mail-server.ts';
import { servePanel } from '../support/serve-panel.ts';

/** As in a LAN: Chromium counts 127.0.0.1 as safe as https, and sends more headers there. */
const name = 'ringup.lan.test';

test('forms at secret addresses are accepted over http in a LAN, by their Origin alone', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const smtp = await startMailServer();
  t.after(() => smtp.close());
  const { serving, browser, run } = await servePanel(t, {
    environment: { RINGUP_SMTP_URL: smtp.url, RINGUP_MAIL_FROM: 'phones@example.test', ...trustedByChildren() },
    options: ['--email', 'marta@example.test'],
    flags: [`--host-resolver-rules=MAP ${name} 127.0.0.1`],
  });
  const there = (url: string) => url.replace(/\/\/[^/:]+/, `//${name}`);

  const page = await browser.newPage();
  await page.goto(there(/http\S+/.exec(run('account', 'login-link', 'marta'))?.[0] ?? assert.fail('no link')));
  await assertSent(page, () => page.locator('main form button').click());
  await page.waitForURL(/\/admin/);
  await page.context().clearCookies();

  await page.goto(there(`${serving.url}/login/forgotten`));
  await page.locator('#username').fill('marta');
  await assertSent(page, () => page.locator('main form button').click());
  const [mail] = await smtp.received(1);
  await page.goto(there(/http\S+/.exec(mail?.mail.text ?? '')?.[0] ?? assert.fail('no link in the mail')));
  await page.locator('#password').fill('another password');
  await assertSent(page, () => page.locator('main form button').click());
  await page.waitForURL(/\/login\?/);
});

/** A form is sent without `Sec-Fetch-Site`, and taken. */
async function assertSent(page: Page, press: () => Promise<void>): Promise<void> {
  const isForm = (request: Request) => request.method() === 'POST';
  const [request] = await Promise.all([page.waitForRequest(isForm), press()]);
  const headers = await request.allHeaders();
  assert.equal(headers['sec-fetch-site'], undefined);
  assert.equal(headers.origin, new URL(request.url()).origin);
  assert.ok([200, 303].includes((await request.response())?.status() ?? 0), request.url());
}
