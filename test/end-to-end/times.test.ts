import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import Sqlite from 'better-sqlite3';
import { browserPrograms, startBrowser } from '../support/browser.ts';
import { requirePrograms } from '../support/debian.ts';
import { startServe } from '../support/serve.ts';
import { signInAt } from '../support/serve-panel.ts';
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

test('the timeline has the days and times of the zone of the browser, also in its sentences', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const directory = tempDirectory();
  const environment = { RINGUP_DATA_DIR: directory, RINGUP_SIP_DOMAIN: 'sip.example.test' };
  const run = (...words: string[]) =>
    execFileSync(process.execPath, ['bin/ringup.cjs', ...words], { env: { ...process.env, ...environment } });
  run('migrate');
  run('space', 'set', 'sip.example.test', 'time_zone=UTC');
  run('account', 'add', 'marta', '--admin', '--activated', '--password', 'kowalczyk1');
  const database = new Sqlite(join(directory, 'ringup.sqlite'), { timeout: 60_000 });
  database.exec('delete from events');
  const insert = database.prepare(
    'insert into events (at, kind, space_id, account_id, detail) select ?, ?, space_id, id, ? from accounts',
  );
  insert.run(Date.parse('2025-12-01T10:00:00Z'), 'account-created', '{}');
  insert.run(Date.parse('2025-12-01T22:30:00Z'), 'blocked', '{}');
  const detail = JSON.stringify({ expires_at: Date.parse('2025-12-07T23:45:00Z') });
  insert.run(Date.parse('2025-12-01T23:30:00Z'), 'token-issued', detail);
  const [{ id = 0 } = {}] = database.prepare<[], { id: number }>('select id from accounts').all();
  database.close();
  const serving = await startServe(environment);
  t.after(() => serving.stop());
  const browser = await startBrowser();
  t.after(() => browser.close());
  const timelineIn = async (timezoneId: string, javaScriptEnabled: boolean) => {
    const context = await browser.newContext({ timezoneId, locale: 'en-GB', javaScriptEnabled });
    const page = await context.newPage();
    if (javaScriptEnabled) await page.clock.setFixedTime('2025-12-02T12:00:00Z');
    await signInAt(page, serving, `/admin/accounts/${id}/events`);
    await page.locator('section.day').first().waitFor();
    const days = await page.locator('section.day').all();
    return Promise.all(
      days.map(async (day) => ({
        heading: await day.locator('h2').innerText(),
        times: await day.locator('li > time').allInnerTexts(),
        text: await day.innerText(),
      })),
    );
  };
  const shapes = (days: readonly { heading: string; times: string[] }[]) =>
    days.map(({ heading, times }) => [
      heading.replace(/^\w+(?: \w+)??(?:, | (?=\d))/, '').replace(/ 2025$/, ''),
      ...times,
    ]);
  const sameDay = [['1 December', '23:30', '22:30', '10:00']];
  const paris = await timelineIn('Europe/Paris', true);
  assert.deepEqual(shapes(paris), [
    ['2 December', '00:30'],
    ['1 December', '23:30', '11:00'],
  ]);
  assert.deepEqual(
    paris.map(({ heading }) => heading.replace(/,.*/, '')),
    ['Today', 'Yesterday'],
  );
  assert.match(paris[0]?.text ?? '', /valid until 8 Dec(?:ember)?,? 00:45/);
  const newYork = await timelineIn('America/New_York', true);
  assert.deepEqual(shapes(newYork), [['1 December', '18:30', '17:30', '05:00']]);
  assert.match(newYork[0]?.text ?? '', /valid until 7 Dec(?:ember)?,? 18:45/);
  const tokyo = await timelineIn('Asia/Tokyo', true);
  assert.deepEqual(shapes(tokyo), [
    ['2 December', '08:30', '07:30'],
    ['1 December', '19:00'],
  ]);
  assert.deepEqual(shapes(await timelineIn('UTC', true)), sameDay);
  assert.deepEqual(shapes(await timelineIn('Europe/Paris', false)), sameDay);
});
