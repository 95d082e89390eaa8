import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { sqliteUrl } from '../support/databases.ts';
import { openConnection, type RawConnection } from '../support/raw-request.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { patienceMs, waitUntil } from '../support/wait-until.ts';

// Whatever the database: most of these requests do not get past Node's own parser.
// One database: these requests never reach it.
describe('broken and slow clients', () => {
  let t: TestApp;
  let port: number;
  let token: string;
  const connections: RawConnection[] = [];
  before(async () => {
    t = await openTestApp(sqliteUrl(join(tempDirectory(), 'ringup.sqlite')));
    token = await t.makeToken(await t.makeAccount());
    port = Number(new URL(await t.server.listen({ port: 0, host: '127.0.0.1' })).port);
  });
  afterEach(() => {
    for (const { socket } of connections.splice(0)) socket.destroy();
  });
  after(() => t.close());

  const connect = async (): Promise<RawConnection> => {
    const connection = await openConnection(port);
    connection.socket.on('error', () => {});
    connections.push(connection);
    return connection;
  };
  /** What comes until the head of an answer is whole, or the server ends the connection. */
  const send = async (text: string): Promise<string> => {
    const connection = await connect();
    const closed = new Promise<void>((resolve) => connection.socket.once('close', () => resolve()));
    connection.send(text);
    await Promise.race([closed, connection.until('\r\n\r\n').catch(() => {})]);
    return connection.received();
  };
  const ping = async (): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/ping`, { signal: AbortSignal.timeout(patienceMs) });
    assert.equal(await answer.text(), 'pong');
  };

  const host = 'Host: ringup.example.test\r\n';
  const headers = (count: number, of: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => `${of(index)}\r\n`).join('');
  const json = 'Content-Type: application/json\r\n';
  const form = 'Content-Type: application/x-www-form-urlencoded\r\n';
  const requests: readonly [what: string, text: () => string, status: RegExp][] = [
    [
      '10,000 headers',
      () => `GET /provisioning/${token} HTTP/1.1\r\n${host}${headers(10_000, (n) => `x-${n}: 1`)}\r\n`,
      /^431$/,
    ],
    [
      '10,000 equal headers',
      () => `GET /provisioning/${token} HTTP/1.1\r\n${host}${headers(10_000, () => 'a: b')}\r\n`,
      /^431$/,
    ],
    [
      'a header of 100 kB',
      () => `GET /provisioning/${token} HTTP/1.1\r\n${host}x: ${'y'.repeat(100_000)}\r\n\r\n`,
      /^431$/,
    ],
    ['a path of 100 kB', () => `GET /provisioning/${'y'.repeat(100_000)} HTTP/1.1\r\n${host}\r\n`, /^431$/],
    ['a header without a colon', () => `GET /provisioning/${token} HTTP/1.1\r\n${host}broken\r\n\r\n`, /^400$/],
    ['a header with a zero byte', () => `GET /provisioning/${token} HTTP/1.1\r\n${host}x: a\0b\r\n\r\n`, /^400$/],
    ['a folded header', () => `GET /provisioning/${token} HTTP/1.1\r\n${host}x: a\r\n b\r\n\r\n`, /^400$/],
    ['no Host', () => `GET /provisioning/${token} HTTP/1.1\r\n\r\n`, /^400$/],
    ['two Hosts', () => `GET /provisioning/${token} HTTP/1.1\r\n${host}HOST: other.example.test\r\n\r\n`, /^400$/],
    ['the same Host twice', () => `GET /provisioning/${token} HTTP/1.1\r\n${host}${host}\r\n`, /^400$/],
    ['two Hosts in HTTP/1.0', () => `GET /provisioning/${token} HTTP/1.0\r\n${host}${host}\r\n`, /^400$/],
    ['a blank in the path', () => `GET /provisioning/${token} x HTTP/1.1\r\n${host}\r\n`, /^400$/],
    ['an unknown version', () => `GET /provisioning/${token} HTTP/9.9\r\n${host}\r\n`, /^400$/],
    ['an unknown method', () => `STEAL /provisioning/${token} HTTP/1.1\r\n${host}\r\n`, /^400$/],
    ['a method in lower case', () => `get /provisioning/${token} HTTP/1.1\r\n${host}\r\n`, /^400$/],
    ['a tunnel', () => `CONNECT /provisioning/${token} HTTP/1.1\r\n${host}\r\n`, /^$|^4\d\d$/],
    ['no HTTP at all', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', /^400$/],
    ['an SSH client', () => 'SSH-2.0-OpenSSH_9.2\r\n', /^400$/],
    [
      'two lengths',
      () => `POST /api/accounts HTTP/1.1\r\n${host}${json}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
      /^400$/,
    ],
    [
      'a length and chunks',
      () =>
        `POST /api/accounts HTTP/1.1\r\n${host}${json}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      /^400$/,
    ],
    ['a negative length', () => `POST /api/accounts HTTP/1.1\r\n${host}${json}Content-Length: -1\r\n\r\n`, /^400$/],
    [
      'a chunk of no size',
      () => `POST /api/accounts/auth_token HTTP/1.1\r\n${host}${json}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`,
      /^400$/,
    ],
    [
      'an announced body over the limit',
      () => `POST /setup/x HTTP/1.1\r\n${host}${form}Content-Length: 99999999\r\n\r\n`,
      /^413$/,
    ],
    [
      'a chunked body over the limit',
      () =>
        `POST /setup/x HTTP/1.1\r\n${host}${form}Transfer-Encoding: chunked\r\n\r\n${`10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(20)}`,
      /^413$/,
    ],
  ];
  for (const [what, text, status] of requests) {
    test(`${what} is refused, and the next request is served`, async () => {
      const before = await dumpDatabase(t.app.database);
      const answer = await send(text());
      assert.match(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? '', status);
      assert.doesNotMatch(answer, /\bat .+:\d+:\d+|node:internal|auth_info/);
      assert.match(answer, /^$|\r\ncache-control: no-store\r\n/i);
      await ping();
      assert.deepEqual(await dumpDatabase(t.app.database), before);
    });
  }

  test('an unknown expectation is ignored', async () => {
    const answer = await send(`GET /api/ping HTTP/1.1\r\n${host}Expect: miracles\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 200 .*\r\ncache-control: no-store\r\n/is);
  });

  test('HTTP/1.0 needs no Host', async () => {
    assert.match(await send('GET /api/ping HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 /);
  });

  test('bytes that are not an HTTP request get JSON that says what is wrong, at any address', async () => {
    const long = 'y'.repeat(100_000);
    const tooLong = 'The address and headers of the request are too long: shorten them.';
    for (const [text, status, message] of [
      ['no request\r\n\r\n', 400, 'The request is malformed or did not arrive in time.'],
      [`GET /provisioning HTTP/1.1\r\n${host}x: ${long}\r\n\r\n`, 431, tooLong],
      [`GET /setup/${long} HTTP/1.1\r\n${host}\r\n`, 431, tooLong],
    ] as const) {
      const [head = '', body = ''] = (await send(text)).split('\r\n\r\n');
      assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} [^]*\r\nContent-Type: application/json\r\n`));
      assert.deepEqual(JSON.parse(body), { message, code: 'request-malformed' });
    }
  });

  test('the server decides who may call before it reads the body', async () => {
    const announced = (length: number) => `${host}${json}Content-Length: ${length}\r\n\r\n`;
    for (const [line, status] of [
      ['POST /api/accounts', 401],
      ['PUT /api/spaces/sip.example.test', 401],
      ['POST /api/accounts/me/password', 401],
      ['POST /nothing', 404],
      ['DELETE /provisioning', 405],
      ['PUT /api/accounts/me', 405],
    ] as const) {
      const answer = await send(`${line} HTTP/1.1\r\n${announced(1_000_000)}`);
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), line);
    }
    const key = `x-api-key: ${t.adminKey}\r\n`;
    for (const line of ['POST /api/accounts', 'POST /api/accounts/me/provision']) {
      assert.match(await send(`${line} HTTP/1.1\r\n${key}${announced(1_000_000)}`), /^HTTP\/1\.1 413 /, line);
    }
    const deletion = await send(`DELETE /api/accounts/999 HTTP/1.1\r\n${key}${announced(65_537)}`);
    assert.match(deletion, /^HTTP\/1\.1 404 /, 'the body of a DELETE is not waited for');
  });

  const slow: readonly [what: string, text: string][] = [
    ['say nothing', ''],
    ['stop within the request line', 'GET /provis'],
    ['stop within the headers', `GET /provisioning/unknown HTTP/1.1\r\n${host}x: `],
    ['stop within the body', `POST /api/accounts HTTP/1.1\r\n${host}${json}Content-Length: 60000\r\n\r\n{"user`],
  ];
  for (const [what, text] of slow) {
    test(`a hundred clients that ${what} do not delay others`, async () => {
      const before = await dumpDatabase(t.app.database);
      for (let count = 0; count < 100; count += 1) (await connect()).send(text);
      const drip = setInterval(() => {
        for (const connection of connections) if (text !== '') connection.send('a');
      }, 50);
      await Promise.all(Array.from({ length: 50 }, ping));
      clearInterval(drip);
      assert.ok(
        connections.every(({ socket }) => socket.readyState === 'open'),
        'others were served only when one of them was given up',
      );
      assert.deepEqual(await dumpDatabase(t.app.database), before);
    });
  }

  test('clients that do not read their answers do not delay others', async () => {
    for (let count = 0; count < 20; count += 1) {
      const connection = await connect();
      connection.socket.pause();
      connection.send(`GET /api HTTP/1.1\r\n${host}\r\n`.repeat(10));
    }
    await ping();
    assert.ok(connections.every(({ socket }) => socket.readyState === 'open'));
  });

  test('a hundred requests at once on one connection are all answered, in their order', async () => {
    const connection = await connect();
    const paths = Array.from({ length: 100 }, (_, n) => (n % 3 === 0 ? '/api/openapi.json' : '/api/ping'));
    connection.send(`${paths.map((path) => `GET ${path} HTTP/1.1\r\n${host}\r\n`).join('')}`);
    const expected = paths.map((path) => (path === '/api/ping' ? 'text/plain; charset=utf-8' : 'application/json'));
    const types = () => [...connection.received().matchAll(/^content-type: (.+)\r$/gm)].map((match) => match[1]);
    assert.ok(await waitUntil(() => types().length === expected.length));
    assert.deepEqual(types(), expected);
  });

  test('thousands of simultaneous requests on one connection end it, and the next connection is served', async () => {
    for (const path of ['/api', '/api/openapi.json', '/provisioning', '/provisioning/unknown', '/nothing']) {
      const connection = await connect();
      const closed = new Promise<void>((resolve) => connection.socket.once('close', () => resolve()));
      connection.send(`GET ${path} HTTP/1.1\r\n${host}\r\n`.repeat(2_000));
      await closed;
      const answers = connection.received().split(/HTTP\/1\.1 (?:200|404)/).length - 1;
      assert.ok(answers <= 100, `${answers} answers to ${path}`);
      await ping();
    }
  });

  test('a client that never reads its answers is disconnected', async () => {
    const patience = t.server.server.timeout;
    assert.ok(patience >= 60_000 && patience <= 300_000, `${patience} ms`);
    const connection = await connect();
    connection.socket.pause();
    const dropped = new Promise<void>((resolve) => {
      // Shorter for this connection alone, and not before its request is there.
      t.server.server.once('request', ({ socket }) => socket.setTimeout(200).once('close', () => resolve()));
    });
    // More than the kernel takes off our hands.
    connection.send(`GET /api/openapi.json HTTP/1.1\r\n${host}\r\n`.repeat(99));
    await dropped;
    await ping();
  });

  test('such requests use up no token', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/provisioning/${token}`);
    assert.match(await answer.text(), /auth_info_0/);
  });
});
