import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { askBootId } from '../../src/network/ask-boot-id.ts';
import { untrusted } from '../support/self-signed.ts';

const id = '0b5c3ae0-1f7c-4a53-9d0f-5f2f3c1c8a11';

async function urlOf(t: TestContext, listener: RequestListener, secure = false): Promise<string> {
  const server = secure ? createTlsServer(untrusted, listener) : createServer(listener);
  server.listen(0, 'localhost');
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  return `http${secure ? 's' : ''}://localhost:${(server.address() as AddressInfo).port}`;
}

test('the boot id of a server is returned', async (t) => {
  const url = await urlOf(t, (request, response) => {
    assert.equal(request.url, '/prefix/health/live');
    response.end(JSON.stringify({ status: 'live', boot_id: id }));
  });
  assert.deepEqual(await askBootId(`${url}/prefix`), { bootId: id });
});

test('a server that has no boot id, redirects or never stops sending is refused', async (t) => {
  const endless = await urlOf(t, (_request, response) => {
    response.on('error', () => {});
    const write = (): void => {
      if (!response.destroyed && response.write('x'.repeat(1_000))) setImmediate(write);
    };
    response.on('drain', write);
    write();
  });
  assert.deepEqual(await askBootId(endless), { complaint: { code: 'another-server' } });
  const elsewhere = await urlOf(t, (_request, response) => response.writeHead(302, { location: '/x' }).end());
  assert.deepEqual(await askBootId(elsewhere), { complaint: { code: 'no-web-server' } });
  assert.deepEqual(await askBootId(await urlOf(t, (_request, response) => response.end('{}'))), {
    complaint: { code: 'another-server' },
  });
});

test('an untrusted certificate is distinguished from no answer', async (t) => {
  const url = await urlOf(t, (_request, response) => response.end('{}'), true);
  assert.deepEqual(await askBootId(url), { complaint: { code: 'certificate-not-valid' } });
  assert.deepEqual(await askBootId('https://localhost:1'), { complaint: { code: 'no-web-server' } });
});
