import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { deviceRefusals, eventKinds, refusals } from '../../src/events/event.ts';
import { root } from './pages.ts';

test('the page on the timeline has each kind of event and each reason of a refusal, and no other', () => {
  const page = readFileSync(new URL('docs/timeline.md', root), 'utf8');
  const named = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(named, [...Object.keys(eventKinds), ...refusals, ...deviceRefusals]);
  for (const meaning of Object.values(eventKinds)) assert.ok(page.includes(meaning), meaning);
});
