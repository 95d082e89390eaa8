import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { browserPrograms } from '../support/browser.ts';
import { requirePrograms } from '../support/debian.ts';
import { servePanel } from '../support/serve-panel.ts';

/** Starts a relay to a server, whose answers it delays as a slow network does. Returns the URL of the relay. */
async function startSlowRelay(t: TestContext, target: string): Promise<string> {
  const { hostname: host, port } = new URL(target);
  const relay = createServer((client) => {
    const server = connect({ host, port: Number(port) });
    client.pipe(server);
    server.on('data', (chunk) => setTimeout(() => client.write(chunk), 700));
    for (const each of [client, server]) {
      each.on('error', () => {});
      each.on('close', () => {
        client.destroy();
        server.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  t.after(() => relay.close());
  return `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
}

test('a second click on the button of a link that signs in does not lose the answer to the first', async (t) => {
  if (!requirePrograms(t, browserPrograms)) return;
  const { serving, browser, run } = await servePanel(t);
  const url = await startSlowRelay(t, serving.url);
  const [link = ''] = /http\S+\/login\/link\/\w+/.exec(run('account', 'login-link', 'marta')) ?? [];
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${url}${new URL(link).pathname}`);
  const box = (await page.locator('main form button').boundingBox()) ?? assert.fail('no button');
  const click = () => page.mouse.click(box.x + 4, box.y + 4);
  const answer = page.waitForResponse((response) => response.request().method() === 'POST');
  await click();
  await pause(100);
  await click();
  assert.equal((await answer).status(), 303);
  await page.waitForURL(({ pathname }) => !pathname.startsWith('/login'));
  assert.equal((await page.goto(`${url}/admin`))?.status(), 200);
  assert.equal(new URL(page.url()).pathname, '/admin');
});
