import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from '../support/accessibility.ts';
import { browserPrograms } from '../support/browser.ts';
import { requirePrograms } from '../support/debian.ts';
import { startMailServer, trustedByChildren } from '../support/mail-server.ts';
import { servePanel, signInAt } from '../support/serve-panel.ts';

const hostile = '"><script>alert(1)</script>';
const long = 'name_without_a_single_place_to_break_it_'.repeat(2);

test('every page about mail is accessible and fits the screen, in light and dark, in both languages', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const smtp = await startMailServer();
  t.after(() => smtp.close());
  const { serving, browser, run } = await servePanel(t, {
    environment: {
      RINGUP_SMTP_URL: smtp.url,
      RINGUP_MAIL_FROM: 'Phones <phones@example.test>',
      ...trustedByChildren(),
    },
    options: ['--email', 'marta@example.test'],
  });
  run('account', 'add', 'zoe', '--display-name', `Zoë ${hostile} ${long}`, '--email', 'zoe@example.test');
  run('account', 'invite', 'zoe');
  await smtp.received(1);
  smtp.behave({ refuse: 550, at: 'recipient' });
  run('account', 'invite', 'marta');

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
      await signInAt(page, serving);
      for (const path of paths) {
        await t.test(`${path}, ${colorScheme}, ${width} pixels wide`, async () => {
          await page.goto(`${serving.url}${path}`);
          assert.deepEqual(await violations(page), []);
          assert.deepEqual(complaints.splice(0), []);
          assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
        });
      }
      await context.close();
    }
  }
});
