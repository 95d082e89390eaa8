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

  test('not always after the same time, so that it tells nothing of the search', async () => {
    const waits = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const startedAt = performance.now();
        await atOnceOrEvenly(10, async () => undefined);
        return performance.now() - startedAt;
      }),
    );
    assert.ok(Math.max(...waits) - Math.min(...waits) > 1.5, waits.join(' '));
  });

  test('so is a failure', async () => {
    assert.deepEqual(await timed(() => Promise.reject(new Error('no'))), { outcome: 'no', waited: true });
  });

  test('what takes longer is answered when it is there', async () => {
    assert.deepEqual(await timed(() => delay(80, 'late')), { outcome: 'late', waited: true });
    assert.deepEqual(await timed(() => delay(80)), { outcome: undefined, waited: true });
  });
});
