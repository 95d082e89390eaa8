import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  deviceRefusals,
  type EventKind,
  eventKinds,
  refusals,
  repeatableKinds,
  unsentReasons,
  visitorSigns,
} from '../../src/events/event.ts';
import { sentenceOf } from '../../src/locale/describe-event.ts';
import { eventOf } from '../support/event.ts';
import { root } from './pages.ts';

test('the page on the timeline lists exactly the kinds of events, and the reasons of refusals and failed mails', () => {
  const page = readFileSync(new URL('docs/timeline.md', root), 'utf8');
  const named = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(named, [
    ...Object.keys(eventKinds),
    ...refusals,
    ...deviceRefusals,
    ...visitorSigns,
    ...unsentReasons,
  ]);
  for (const meaning of Object.values(eventKinds)) assert.ok(page.includes(meaning), meaning);
});

test('the page on the timeline lists exactly the kinds of events that are merged', () => {
  const page = readFileSync(new URL('docs/timeline.md', root), 'utf8');
  const list = /Events that phones and visitors can repeat \(([^)]*)\)/.exec(page)?.[1] ?? '';
  assert.deepEqual(
    [...list.matchAll(/`([a-z-]+)`/g)].map(([, kind]) => kind),
    repeatableKinds,
  );
});

test('each phrase that the page on the timeline explains is part of a sentence that Ringup writes', () => {
  const page = readFileSync(new URL('docs/timeline.md', root), 'utf8');
  const phrases = [...page.matchAll(/\*\*"([^"]+)"\*\* means/g)].map(([, phrase = '']) => phrase.toLowerCase());
  const sentences = (Object.keys(eventKinds) as EventKind[]).map((kind) => sentenceOf(eventOf(kind)).toLowerCase());
  assert.ok(phrases.length > 0);
  for (const phrase of phrases)
    assert.ok(
      sentences.some((sentence) => sentence.includes(phrase)),
      phrase,
    );
});
