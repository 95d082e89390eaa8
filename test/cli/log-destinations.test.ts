import assert from 'node:assert/strict';
import { openSync } from 'node:fs';
import { describe, test } from 'node:test';
import { type ServingProcess, startServe } from '../support/serve.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

/** So many requests of which each leaves a line, fifty at a time. */
async function ask({ url }: ServingProcess, count: number): Promise<void> {
  const agent = 'x'.repeat(200);
  for (let done = 0; done < count; done += 50) {
    const answers = Array.from({ length: 50 }, () => fetch(`${url}/api/ping`, { headers: { 'user-agent': agent } }));
    for (const answer of await Promise.all(answers)) assert.equal(await answer.text(), 'pong');
  }
}

describe('ringup serve, whatever becomes of its log', () => {
  const start = (output: 'pipe' | 'unread' | number, error: 'pipe' | number = 'pipe') =>
    startServe({ RINGUP_DATA_DIR: tempDirectory() }, { output, error });

  test('serves, and ends on SIGTERM, if the disk is full', async (t) => {
    const full = openSync('/dev/full', 'w');
    const serving = await start(full, full);
    t.after(() => serving.kill());
    await ask(serving, 1_000);
    assert.equal(await serving.stop(), 0);
  });

  test('serves, and ends on SIGTERM, if nobody reads the pipe', async (t) => {
    const serving = await start('unread');
    t.after(() => serving.kill());
    await ask(serving, 6_000);
    assert.equal(await serving.stop(), 0);
  });

  test('serves, and ends on SIGTERM, if the reader of the pipe has gone', async (t) => {
    const serving = await start('pipe');
    t.after(() => serving.kill());
    serving.stopReading();
    await ask(serving, 1_000);
    assert.equal(await serving.stop(), 0);
  });

  test('says how many lines are missing when somebody reads again', async (t) => {
    const serving = await start('unread');
    t.after(() => serving.kill());
    await ask(serving, 6_000);
    serving.startReading();
    const missing = () => Number(/"missing":(\d+)/.exec(serving.logged())?.[1] ?? 0);
    assert.ok(await waitUntil(() => missing() > 0, 10_000));
    assert.equal(await serving.stop(), 0);
    const lines = serving.logged().split('"path":"/api/ping"').length - 1;
    assert.equal(lines + missing(), 6_000);
  });
});
