import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { steadyClock } from '../../src/lib/steady-clock.ts';

describe('a steady clock', () => {
  const start = () => {
    const at = { wall: 1_000_000, elapsed: 5 };
    const clock = steadyClock(
      () => at.wall,
      () => at.elapsed,
    );
    return {
      clock,
      pass(milliseconds: number): void {
        at.wall += milliseconds;
        at.elapsed += milliseconds;
      },
      set(milliseconds: number): void {
        at.wall += milliseconds;
      },
    };
  };

  test('shows the time', () => {
    const { clock, pass } = start();
    assert.equal(clock(), 1_000_000);
    pass(1234);
    assert.equal(clock(), 1_001_234);
  });

  test('follows if the time is set forward, or the machine slept', () => {
    const { clock, set } = start();
    set(3_600_000);
    assert.equal(clock(), 4_600_000);
  });

  test('advances evenly if the time is set back, even if nobody read it in between', () => {
    const { clock, set, pass } = start();
    pass(60_000);
    set(-3_600_000);
    assert.equal(clock(), 1_060_000);
    pass(500);
    assert.equal(clock(), 1_060_500);
    set(-1);
    pass(1);
    assert.equal(clock(), 1_060_501);
  });
});
