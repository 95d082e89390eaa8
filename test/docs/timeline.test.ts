import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { deviceRefusals, type Event, type EventKind, eventKinds, refusals } from '../../src/events/event.ts';
import { sentenceOf } from '../../src/locale/describe-event.ts';
import { root } from './pages.ts';

test('the page on the timeline has each kind of event and each reason of a refusal, and no other', () => {
  const page = readFileSync(new URL('docs/timeline.md', root), 'utf8');
  const named = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(named, [...Object.keys(eventKinds), ...refusals, ...deviceRefusals]);
  for (const meaning of Object.values(eventKinds)) assert.ok(page.includes(meaning), meaning);
});

const anyEvent: Omit<Event, 'kind'> = {
  id: 1,
  at: 0,
  lastAt: 0,
  count: 1,
  spaceId: 1,
  accountId: 1,
  tokenId: null,
  actor: null,
  address: null,
  agent: null,
  detail: {},
};

test('each phrase that the page on the timeline explains is part of a sentence that Ringup writes', () => {
  const page = readFileSync(new URL('docs/timeline.md', root), 'utf8');
  const phrases = [...page.matchAll(/\*\*"([^"]+)"\*\* means/g)].map(([, phrase = '']) => phrase.toLowerCase());
  const sentences = (Object.keys(eventKinds) as EventKind[]).map((kind) =>
    sentenceOf({ ...anyEvent, kind }).toLowerCase(),
  );
  assert.ok(phrases.length > 0);
  for (const phrase of phrases)
    assert.ok(
      sentences.some((sentence) => sentence.includes(phrase)),
      phrase,
    );
});
