import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { panelFace } from '../../src/panel/face.ts';

test('a form may send a name several times, and a field that takes one value refuses several', async () => {
  const server = Fastify();
  panelFace('').parseBodies(server);
  server.post('/', async ({ body }) => body);
  const send = async (payload: string) =>
    server.inject({
      method: 'POST',
      url: '/',
      payload,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  assert.deepEqual((await send('account=7&all=true&account=8&account=9')).json(), {
    account: ['7', '8', '9'],
    all: 'true',
  });
  assert.equal((await send(Array(2001).fill('account=1').join('&'))).statusCode >= 400, true);
  await server.close();
});
