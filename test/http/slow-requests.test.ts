import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { Limits } from '../../src/app.ts';
import { generousLimits, openTestApp } from '../support/app.ts';
import { sqliteUrl } from '../support/databases.ts';
import { openConnection } from '../support/raw-request.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { patienceMs } from '../support/wait-until.ts';

// One database: what is slow here are the requests.
describe('a slow client', () => {
  const open = async (context: TestContext, limits: Limits) => {
    const t = await openTestApp(sqliteUrl(join(tempDirectory(), 'ringup.sqlite')), {}, { limits, runsJobs: false });
    context.after(() => t.close());
    const { port } = new URL(await t.server.listen({ port: 0, host: '127.0.0.1' }));
    const send = async (text: string) => {
      const connection = await openConnection(Number(port));
      context.after(() => connection.socket.destroy());
      const closed = new Promise<void>((resolve) => connection.socket.once('close', () => resolve()));
      connection.send(text);
      return { ...connection, closed };
    };
    const begin = (line: string, headers: string, length: number) =>
      send(`${line} HTTP/1.1\r\nHost: ringup.example.test\r\n${headers}Content-Length: ${length}\r\n\r\n`);
    return { t, send, begin };
  };
  const json = 'Content-Type: application/json\r\n';
  const csv = 'Content-Type: text/csv\r\n';
  const table = 'username\nunhurried\n';
  const generous = { headersMs: patienceMs, bodyMs: patienceMs, uploadMs: patienceMs };
  /** Opens a server that does not wait long for bodies, and begins to upload a table. */
  const openImpatient = async (context: TestContext) => {
    const opened = await open(context, { ...generousLimits, requests: { ...generous, bodyMs: 50 } });
    const key = `x-api-key: ${opened.t.adminKey}\r\n`;
    const upload = await opened.begin('POST /api/accounts/import?wait=0', `${key}${csv}`, table.length);
    upload.send(table.slice(0, 12));
    const finish = async () => {
      upload.send(table.slice(12));
      await Promise.race([upload.until('"id":1'), upload.closed]);
      assert.match(upload.received(), /^HTTP\/1\.1 20[02] /);
    };
    return { ...opened, key, finish };
  };

  test('has half a minute for the headers or the body, and five minutes for a large file', async (context) => {
    const { server } = (await open(context, {})).t.server;
    assert.deepEqual([server.headersTimeout, server.requestTimeout], [30_000, 300_000]);
    assert.equal(server.timeout, 120_000);
  });

  const tooSlow = /^HTTP\/1\.1 408 .*\r\nCache-Control: no-store\r\n.*"request-malformed"/s;

  test('gets 408 if the headers take longer', async (context) => {
    const { send } = await open(context, { ...generousLimits, requests: { ...generous, headersMs: 50 } });
    const slow = await send('GET /api/ping HTTP/1.1\r\nHost: ringup.example.test\r\nx: ');
    await slow.closed;
    assert.match(slow.received(), tooSlow);
  });

  test('gets 408 if the body takes longer, unless it sends a table of accounts', async (context) => {
    const { begin, key, finish } = await openImpatient(context);
    for (const connection of [
      await begin('POST /api/accounts', `${key}${json}`, 100),
      await begin('POST /login', 'Content-Type: application/x-www-form-urlencoded\r\n', 100),
    ]) {
      await connection.closed;
      assert.match(connection.received(), tooSlow);
    }
    // It began first.
    await finish();
  });

  test('cannot keep a connection by a body that nobody reads', async (context) => {
    const { begin, finish } = await openImpatient(context);
    for (const [line, status] of [
      ['POST /api/accounts/import', 401],
      ['POST /admin/import', 401],
      ['POST /nothing', 404],
      ['DELETE /provisioning', 405],
      ['GET /api/ping', 200],
    ] as const) {
      const answered = await begin(line, csv, 1_000);
      await answered.closed;
      assert.match(answered.received(), new RegExp(`^HTTP/1\\.1 ${status} `), line);
    }
    await finish();
  });
});
