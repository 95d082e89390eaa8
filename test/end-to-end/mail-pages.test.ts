import assert from 'node:assert/strict';
import { test } from 'node:test';
import { looks, violations } from '../support/accessibility.ts';
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
  for (const { look, isJudged } of looks) {
    const context = await browser.newContext(look);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await signInAt(page, serving);
    for (const path of paths) {
      await t.test(
        `${path} is accessible and fits ${look.viewport.width} pixels in ${look.colorScheme} colours`,
        async () => {
          await page.goto(`${serving.url}${path}`);
          if (isJudged) assert.deepEqual(await violations(page), []);
          assert.deepEqual(complaints.splice(0), []);
          assert.equal(await page.evaluate('document.documentElement.scrollWidth'), look.viewport.width);
        },
      );
    }
    await context.close();
  }
});
