import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { browserPrograms, startBrowser } from '../support/browser.ts';
import { requirePrograms } from '../support/debian.ts';
import { startServe } from '../support/serve.ts';
import { tempDirectory } from '../support/temp-directory.ts';

test('times are in the zone of the browser, and without JavaScript in that of the space, which the page names', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const environment = { RINGUP_DATA_DIR: tempDirectory(), RINGUP_SIP_DOMAIN: 'sip.example.test' };
  const run = (...words: string[]) =>
    execFileSync(process.execPath, ['bin/ringup.cjs', ...words], {
      env: { ...process.env, ...environment },
    }).toString();
  run('migrate');
  run('space', 'set', 'sip.example.test', 'time_zone=Europe/Berlin');
  const made: unknown = JSON.parse(run('account', 'add', 'zoe', '--json'));
  assert.ok(typeof made === 'object' && made !== null && 'provisioning_token' in made);
  const serving = await startServe(environment);
  t.after(() => serving.stop());
  const browser = await startBrowser();
  t.after(() => browser.close());
  const timeOn = async (javaScriptEnabled: boolean) => {
    const context = await browser.newContext({ timezoneId: 'Asia/Tokyo', locale: 'en-GB', javaScriptEnabled });
    const page = await context.newPage();
    await page.goto(`${serving.url}/provisioning/${made.provisioning_token}`);
    const time = page.locator('time').first();
    return { text: (await time.textContent()) ?? '', at: (await time.getAttribute('datetime')) ?? '' };
  };
  for (const [javaScriptEnabled, timeZone] of [
    [true, 'Asia/Tokyo'],
    [false, 'Europe/Berlin'],
  ] as const) {
    const { text, at } = await timeOn(javaScriptEnabled);
    const clock = new Intl.DateTimeFormat('en-GB', {
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'short',
      timeZone,
    });
    assert.ok(text.endsWith(clock.format(new Date(at))), `${text} in ${timeZone}`);
  }
});
