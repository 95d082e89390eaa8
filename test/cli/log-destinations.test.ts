import assert from 'node:assert/strict';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { describe, test } from 'node:test';
import { getRequest, openConnection } from '../support/raw-request.ts';
import { type ServingProcess, startServe } from '../support/serve.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

/** So many requests fill the pipe, and what the server keeps for its reader: each leaves a line of 500 characters. */
const overflowing = 4_000;

/** So many requests, fifty at a time. The log has each quotation mark as two characters. */
async function ask({ port }: ServingProcess, count: number): Promise<void> {
  const { socket, send } = await openConnection(port);
  const request = getRequest('/api/ping', { 'User-Agent': '"'.repeat(200) });
  for (let done = 0; done < count; done += 50) {
    let answers = '';
    send(request.repeat(50));
    while (answers.split('\r\n\r\npong').length <= 50) {
      const [chunk] = await once(socket, 'data');
      answers += chunk;
    }
  }
  socket.destroy();
}

// One database: the log is the same.
describe('ringup serve, if its log cannot be written', () => {
  const start = (output: 'pipe' | 'unread' | number, error: 'pipe' | number = 'pipe') =>
    startServe({ RINGUP_DATA_DIR: tempDirectory() }, { output, error });

  test('serves and ends on SIGTERM if the disk is full', async (t) => {
    const full = openSync('/dev/full', 'w');
    const serving = await start(full, full);
    t.after(() => serving.kill());
    await ask(serving, 1_000);
    assert.equal(await serving.stop(), 0);
  });

  test('serves and ends on SIGTERM if nobody reads the pipe', async (t) => {
    const serving = await start('unread');
    t.after(() => serving.kill());
    await ask(serving, overflowing);
    assert.equal(await serving.stop(), 0);
  });

  test('serves and ends on SIGTERM if the reader of the pipe has gone', async (t) => {
    const serving = await start('pipe');
    t.after(() => serving.kill());
    serving.stopReading();
    await ask(serving, 1_000);
    assert.equal(await serving.stop(), 0);
  });

  test('says how many lines are missing once the log is read again', async (t) => {
    const serving = await start('unread');
    t.after(() => serving.kill());
    await ask(serving, overflowing);
    serving.startReading();
    const missing = () => Number(/"missing":(\d+)/.exec(serving.logged())?.[1] ?? 0);
    assert.ok(await waitUntil(() => missing() > 0));
    assert.equal(await serving.stop(), 0);
    const lines = serving.logged().split('"path":"/api/ping"').length - 1;
    assert.equal(lines + missing(), overflowing);
  });
});
