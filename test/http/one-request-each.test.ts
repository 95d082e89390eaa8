import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, test } from 'node:test';
import { oneRequestEach } from '../../src/http/one-request-each.ts';
import { waitUntil } from '../support/wait-until.ts';

const answer = Buffer.alloc(1024 * 1024, 'x');

/** A server that answers a megabyte, and a client that has sent so many requests at once and reads nothing yet. */
async function crowd(requests: number) {
  let begun = 0;
  let ended = 0;
  let mostAtOnce = 0;
  const server = createServer(
    oneRequestEach((request, response) => {
      begun += 1;
      mostAtOnce = Math.max(mostAtOnce, begun - ended);
      response.once('finish', () => {
        ended += 1;
      });
      setImmediate(() => response.setHeader('x-path', request.url ?? '').end(answer));
    }),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  const paths = Array.from({ length: requests }, (_, index) => `/${index}`);
  client.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a.test\r\n\r\n`).join(''));
  return {
    client,
    paths,
    counts: () => ({ begun, ended, mostAtOnce }),
    async close() {
      client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('requests that a client sends without waiting for answers', () => {
  test('are handled one after another, each when the previous answer has been sent', async (t) => {
    const { client, paths, counts, close } = await crowd(60);
    t.after(close);
    assert.ok(await waitUntil(() => counts().begun > 0));
    let before = -1;
    // Until the buffers of the system are full.
    assert.ok(
      await waitUntil(() => {
        const still = before === counts().begun;
        before = counts().begun;
        return still;
      }),
    );
    assert.ok(counts().begun < 60, 'it does not read, so the rest waits');
    let text = '';
    client.on('data', (part: Buffer) => {
      text += part.toString('latin1').replaceAll('x'.repeat(1000), '');
    });
    client.resume();
    assert.ok(await waitUntil(() => counts().ended === 60));
    assert.equal(counts().mostAtOnce, 1);
    assert.ok(await waitUntil(() => [...text.matchAll(/^x-path: (\S+)/gm)].length === 60));
    assert.deepEqual(
      [...text.matchAll(/^x-path: (\S+)/gm)].map(([, path]) => path),
      paths,
    );
  });

  test('end the connection if more than a hundred wait', async (t) => {
    const { client, counts, close } = await crowd(200);
    t.after(close);
    client.on('error', () => {});
    client.resume();
    await once(client, 'close');
    assert.ok(counts().begun < 100);
  });
});
