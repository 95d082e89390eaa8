import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/errors.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { OutageLog } from '../../src/lib/outage-log.ts';

const minuteMs = 60_000;

/** A log whose lines can be read. */
function openLog() {
  const lines: string[] = [];
  const log = createLogger('info', { write: (line) => lines.push(line) });
  return { outages: new OutageLog(log), lines: () => lines.splice(0).map((line) => JSON.parse(line)) };
}

const locked = () => new AppError('database-unavailable', { why: 'locked' });
const full = () => new AppError('database-unavailable', { why: 'full' });

test('an outage is logged in one line with what to do, then in one line a minute with the number of repeats', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { outages, lines } = openLog();
  for (let count = 0; count < 870; count += 1) outages.report(locked(), { request: count }, 'failed');
  const [first, ...others] = lines();
  assert.deepEqual(others, []);
  assert.deepEqual([first.level, first.why, first.request, first.msg], ['error', 'locked', 0, 'failed']);
  assert.match(first.advice, /End the other program/);
  t.mock.timers.tick(minuteMs);
  const summed = lines();
  assert.deepEqual(
    summed.map(({ level, why, count, msg }) => ({ level, why, count, msg })),
    [{ level: 'error', why: 'locked', count: 869, msg: 'the database failed again' }],
  );
});

test('repeats are counted for each minute, and after a minute without failures the next outage is logged in full', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { outages, lines } = openLog();
  outages.report(locked(), {}, 'failed');
  for (const count of [3, 2]) {
    lines();
    for (let left = count; left > 0; left -= 1) outages.report(locked(), {}, 'failed');
    t.mock.timers.tick(minuteMs);
    assert.deepEqual(
      lines().map((line) => line.count),
      [count],
    );
  }
  t.mock.timers.tick(minuteMs);
  assert.deepEqual(lines(), []);
  outages.report(locked(), {}, 'failed');
  assert.deepEqual(
    lines().map(({ why, advice }) => [why, typeof advice]),
    [['locked', 'string']],
  );
});

test('outages of different kinds are logged separately, and a failure without an outage is logged each time', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { outages, lines } = openLog();
  for (const error of [locked(), full(), locked(), full(), full()]) outages.report(error, {}, 'failed');
  for (let left = 3; left > 0; left -= 1) outages.report(new Error('a bug'), {}, 'failed');
  assert.deepEqual(
    lines().map(({ why }) => why),
    ['locked', 'full', undefined, undefined, undefined],
  );
  t.mock.timers.tick(minuteMs);
  assert.deepEqual(
    lines().map(({ why, count }) => [why, count]),
    [
      ['locked', 1],
      ['full', 2],
    ],
  );
});

test('closing logs what has not been counted yet, and nothing is logged afterwards', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { outages, lines } = openLog();
  for (let left = 4; left > 0; left -= 1) outages.report(locked(), {}, 'failed');
  lines();
  outages.close();
  assert.deepEqual(
    lines().map(({ count }) => count),
    [3],
  );
  t.mock.timers.tick(3 * minuteMs);
  assert.deepEqual(lines(), []);
});
