import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import Fastify from 'fastify';
import { AppError } from '../../src/errors.ts';
import { parseUploads } from '../../src/http/parse-uploads.ts';

const bytes = Buffer.from([0x89, 0x50, 0x00, 0xff, 0x0d, 0x0a]);

describe('a form with files', () => {
  const server = Fastify({ bodyLimit: 4096 });
  let body: unknown;
  parseUploads(server);
  server.post('/', (request, reply) => {
    body = request.body;
    reply.send('ok');
  });
  after(() => server.close());

  async function post(form: FormData): Promise<{ status: number; body: unknown; message: string }> {
    const sent = new Response(form);
    return raw(sent.headers.get('content-type') ?? '', Buffer.from(await sent.arrayBuffer()));
  }

  async function raw(type: string, payload: string | Buffer) {
    body = undefined;
    const answer = await server.inject({ method: 'POST', url: '/', headers: { 'content-type': type }, payload });
    return { status: answer.statusCode, body, message: answer.body };
  }

  test('is read as texts and files, with the bytes and the names that the browser sent', async () => {
    const form = new FormData();
    form.append('note', 'Zoë "quoted"\r\nsecond line');
    form.append('logo', new Blob([bytes], { type: 'image/png' }), 'Löwe.png');
    assert.deepEqual((await post(form)).body, {
      note: 'Zoë "quoted"\r\nsecond line',
      logo: { name: 'Löwe.png', type: 'image/png', bytes },
    });
  });

  test('has a list for a repeated name, and an empty text for a file field without a file', async () => {
    const form = new FormData();
    for (const id of ['7', '8', '9']) form.append('account', id);
    form.append('file', new Blob([]), '');
    assert.deepEqual((await post(form)).body, { account: ['7', '8', '9'], file: '' });
  });

  test('keeps a name such as __proto__ as a plain field', async () => {
    const form = new FormData();
    form.append('__proto__', 'x');
    const read = (await post(form)).body as object;
    assert.deepEqual(Object.keys(read), ['__proto__']);
    assert.equal(Object.getPrototypeOf(read), Object.prototype);
  });

  test('is refused with 413 if it is larger than the endpoint takes', async () => {
    const form = new FormData();
    form.append('file', new Blob([Buffer.alloc(5000)]), 'a.bin');
    assert.equal((await post(form)).status, 413);
  });

  for (const [what, type, payload] of [
    ['has no boundary', 'multipart/form-data', 'a'],
    ['ends too early', 'multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb'],
    ['is something else', 'multipart/form-data; boundary=x', '{"a": "b"}'],
  ] as const) {
    test(`is refused if it ${what}`, async () => {
      const { status, body: read, message } = await raw(type, payload);
      assert.equal(read, undefined);
      assert.equal(status, 500);
      assert.match(message, /not a form of the type multipart\/form-data/);
    });
  }

  test('is refused if it has too many fields', async () => {
    const server = Fastify();
    parseUploads(server);
    let refusal: unknown;
    server.setErrorHandler((error, _request, reply) => {
      refusal = error;
      reply.code(413).send();
    });
    server.post('/', (_request, reply) => reply.send('ok'));
    const form = new FormData();
    for (let index = 0; index < 200; index += 1) form.append(`field${index}`, '');
    const sent = new Response(form);
    const headers = { 'content-type': sent.headers.get('content-type') ?? '' };
    await server.inject({ method: 'POST', url: '/', headers, payload: Buffer.from(await sent.arrayBuffer()) });
    assert.ok(refusal instanceof AppError && refusal.code === 'too-large');
    await server.close();
  });
});
