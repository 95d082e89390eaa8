import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { atOnceOrEvenly } from '../../src/lib/evenly.ts';

describe('looking for something for 50 ms at least', () => {
  const timed = async (find: () => Promise<string | undefined>) => {
    const startedAt = performance.now();
    const outcome = await atOnceOrEvenly(50, find).catch((error: Error) => error.message);
    return { outcome, waited: performance.now() - startedAt > 48 };
  };

  test('something is answered at once', async () => {
    let answered = false;
    const found = atOnceOrEvenly(60_000, async () => 'it').finally(() => {
      answered = true;
    });
    await delay(1);
    assert.equal(answered, true);
    assert.equal(await found, 'it');
  });

  test('nothing is answered when the time is over, whether it was known early or late', async () => {
    assert.deepEqual(await timed(async () => undefined), { outcome: undefined, waited: true });
    assert.deepEqual(await timed(() => delay(20)), { outcome: undefined, waited: true });
  });

  test('to a fraction of a millisecond, whatever the search took of it', async () => {
    const wait = async (searchMs: number) => {
      const startedAt = performance.now();
      await atOnceOrEvenly(5.5, async () => {
        while (performance.now() - startedAt < searchMs);
      });
      return performance.now() - startedAt;
    };
    const shortest = async (searchMs: number) => {
      let waited = Number.POSITIVE_INFINITY;
      for (let time = 0; time < 20; time += 1) waited = Math.min(waited, await wait(searchMs));
      return waited;
    };
    for (const searchMs of [0, 0.1, 0.3, 0.7, 3]) {
      const waited = await shortest(searchMs);
      assert.ok(waited >= 5.5 && waited < 5.7, `${searchMs} ms: ${waited}`);
    }
  });

  test('so is a failure', async () => {
    assert.deepEqual(await timed(() => Promise.reject(new Error('no'))), { outcome: 'no', waited: true });
  });

  test('what takes longer is answered when it is there', async () => {
    assert.deepEqual(await timed(() => delay(80, 'late')), { outcome: 'late', waited: true });
    assert.deepEqual(await timed(() => delay(80)), { outcome: undefined, waited: true });
  });
});
