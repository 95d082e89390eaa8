import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextAttemptAt } from '../../src/mail/mail.ts';

const hour = 3_600_000;

test('a mail is tried again for a day, after half a minute and then after twice as long each time, up to an hour', () => {
  const delays: number[] = [];
  let now = 0;
  for (let attempts = 1; ; attempts += 1) {
    const next = nextAttemptAt({ queuedAt: 0, attempts }, now);
    if (next === undefined) break;
    delays.push((next - now) / 1000);
    now = next;
  }
  assert.deepEqual(delays.slice(0, 9), [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
  assert.equal(now, 24 * hour);
  assert.ok(delays.every((each) => each > 0 && each <= 3600));
});
