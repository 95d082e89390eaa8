import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { browserPrograms, startBrowser } from '../support/browser.ts';
import { requirePrograms } from '../support/debian.ts';
import { startMailServer } from '../support/mail-server.ts';
import { selfSigned } from '../support/self-signed.ts';
import { startServe } from '../support/serve.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const hostile = '"><script>alert(1)</script>';
const long = 'name_without_a_single_place_to_break_it_'.repeat(2);

test('every page about mail is accessible and fits the screen, in light and dark, in both languages', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const smtp = await startMailServer();
  t.after(() => smtp.close());
  const certificate = join(tempDirectory(), 'ca.pem');
  writeFileSync(certificate, selfSigned.cert);
  const environment = {
    RINGUP_DATA_DIR: tempDirectory(),
    RINGUP_SMTP_URL: smtp.url,
    RINGUP_MAIL_FROM: 'Phones <phones@example.test>',
    NODE_EXTRA_CA_CERTS: certificate,
  };
  const serving = await startServe(environment);
  t.after(() => serving.stop());
  const run = (...words: string[]) =>
    execFileSync(process.execPath, ['bin/ringup.cjs', ...words], { env: { ...process.env, ...environment } });
  run('account', 'add', 'marta', '--admin', '--activated', '--password', 'kowalczyk1', '--email', 'marta@example.test');
  run('account', 'add', 'zoe', '--display-name', `Zoë ${hostile} ${long}`, '--email', 'zoe@example.test');
  run('account', 'invite', 'zoe');
  await smtp.received(1);
  smtp.behave({ refuse: 550, at: 'recipient' });
  run('account', 'invite', 'marta');
  const browser = await startBrowser();
  t.after(() => browser.close());

  const paths = [
    '/login/forgotten',
    '/login/reset/nothing',
    '/admin/invitations?queued=2&without=1',
    '/admin/accounts/2/provisioning',
    '/admin/spaces/sip.example.test/mail',
  ];
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [320, 390, 1280]) {
      const locale = colorScheme === 'dark' ? 'fr-FR' : 'en-GB';
      const context = await browser.newContext({ colorScheme, locale, viewport: { width, height: 844 } });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(`${serving.url}/login`);
      await page.locator('#username').fill('marta');
      await page.locator('#password').fill('kowalczyk1');
      await page.locator('main form button').first().click();
      for (const path of paths) {
        await t.test(`${path}, ${colorScheme}, ${width} pixels wide`, async () => {
          await page.goto(`${serving.url}${path}`);
          const { violations } = await new AxeBuilder({ page }).analyze();
          assert.deepEqual(
            violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
            [],
          );
          assert.deepEqual(complaints.splice(0), []);
          assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
        });
      }
      await context.close();
    }
  }
});
