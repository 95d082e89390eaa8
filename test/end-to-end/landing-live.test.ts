import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { browserPrograms, startBrowser } from '../support/browser.ts';
import { requirePrograms } from '../support/debian.ts';
import { startServe } from '../support/serve.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

const phone = { 'user-agent': 'LinphoneAndroid/6.0.12 (Pixel 8) LinphoneSDK/5.4.30', 'x-linphone-provisioning': '1' };

/** Keeps the event streams that a page opens in `sources`. */
const rememberSources = `window.sources = [];
window.EventSource = class extends EventSource {
  constructor(...given) {
    super(...given);
    sources.push(this);
  }
};`;

test('the page of a code shows store and button on the first screen of a phone, and a tick once the phone has its account', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const environment = { RINGUP_DATA_DIR: tempDirectory() };
  const serving = await startServe(environment);
  t.after(() => serving.stop());
  const run = (...words: string[]) =>
    execFileSync(process.execPath, ['bin/ringup.cjs', ...words], { env: { ...process.env, ...environment } });
  const made: unknown = JSON.parse(
    run('account', 'add', 'zoe', '--display-name', 'Zoë Grünewald', '--json').toString(),
  );
  assert.ok(typeof made === 'object' && made !== null && 'provisioning_token' in made);
  const address = `${serving.url}/provisioning/${made.provisioning_token}`;
  const browser = await startBrowser();
  t.after(() => browser.close());
  const context = await browser.newContext({
    viewport: { width: 390, height: 664 },
    userAgent:
      'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36',
  });
  await context.addInitScript(rememberSources);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(address);
  for (const name of ['Get it on Google Play', 'Open in Linphone']) {
    const box = await page.getByRole('link', { name }).boundingBox();
    assert.ok(box !== null && box.y + box.height <= 664, `${name}: ${JSON.stringify(box)}`);
  }
  await page.getByText('This page tells you when you are done.').waitFor();
  assert.equal(await page.getByRole('img', { name: /QR code/ }).isVisible(), false);

  const answer = await fetch(address, { headers: phone });
  assert.match(await answer.text(), /auth_info_0/);
  await page.getByText('Done. This phone rings now.').waitFor();
  assert.equal(await page.getByRole('link', { name: 'Open in Linphone' }).isVisible(), false);
  const states = async () => page.evaluate('sources.map(({ readyState }) => readyState)');
  assert.ok(await waitUntil(async () => String(await states()) === '2'), `closed for good, not ${await states()}`);
  assert.deepEqual(complaints, []);

  await page.reload();
  assert.equal(await page.locator('h1').textContent(), 'If Linphone shows you as connected, you are done');
  assert.doesNotMatch(await page.content(), /Zoë/);
  assert.deepEqual(await context.cookies(), []);
});
