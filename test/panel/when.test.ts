import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayHeading } from '../../src/panel/parts/when.ts';

const heading = (at: string, now: string, timeZone: string) =>
  dayHeading(
    { language: 'en', timeZone, t: (key, facts) => `${key} ${JSON.stringify(facts)}` },
    Date.parse(at),
    Date.parse(now),
  );

test('yesterday is the day before, also when 24 hours ago was two days ago or the same day', () => {
  for (const [at, now, timeZone, expected] of [
    // The clocks of Paris lose an hour on 29 March 2026, and gain one on 25 October.
    ['2026-03-29T12:00Z', '2026-03-29T22:30Z', 'Europe/Paris', /timeline\.yesterday/],
    ['2026-03-28T12:00Z', '2026-03-29T22:30Z', 'Europe/Paris', /^Saturday/],
    ['2026-10-24T12:00Z', '2026-10-25T22:30Z', 'Europe/Paris', /timeline\.yesterday/],
    ['2026-10-25T12:00Z', '2026-10-25T22:30Z', 'Europe/Paris', /timeline\.today/],
    ['2025-12-31T12:00Z', '2026-01-01T12:00Z', 'UTC', /timeline\.yesterday/],
  ] as const) {
    assert.match(heading(at, now, timeZone), expected, `${at} at ${now}`);
  }
});
