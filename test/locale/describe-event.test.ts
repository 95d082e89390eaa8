import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Event, type EventKind, eventKinds } from '../../src/events/event.ts';
import { sentenceOf } from '../../src/locale/describe-event.ts';
import { refusalWords } from '../../src/locale/refusal-words.ts';
import { eventOf } from '../support/event.ts';

const event = (kind: EventKind, detail: Event['detail'] = {}, more: Partial<Event> = {}) =>
  eventOf(kind, { detail, ...more });

describe('an event in words', () => {
  for (const kind of Object.keys(eventKinds) as EventKind[]) {
    test(`${kind} is a whole sentence even without any detail`, () => {
      assert.match(sentenceOf(event(kind)), /^[A-Z][^.]*\.$/);
      assert.doesNotMatch(sentenceOf(event(kind)), /undefined|null|NaN/);
    });
  }

  for (const [reason, words] of Object.entries(refusalWords)) {
    test(`a refusal says why: ${reason}`, () => {
      assert.ok(sentenceOf(event('refused', { reason })).endsWith(`did not get it: ${words}.`));
    });
  }

  test('a kind that only a later version knows is named', () => {
    assert.equal(
      sentenceOf(event('moved' as EventKind, {}, { actor: { kind: 'unknown', id: null, name: 'bob' } })),
      'Moved by bob.',
    );
  });

  test('a fetch tells all that it did', () => {
    const told = sentenceOf(event('fetched', { again: true, activated: true, new_password: true }));
    assert.equal(
      told,
      'Unknown phone fetched the account, again, because the earlier answer may not have arrived, which activated it, with a new password.',
    );
  });

  test('a refusal of a device says why, and an ending that it was repeated', () => {
    assert.equal(
      sentenceOf(event('device-refused', { reason: 'other-account' })),
      'Unknown phone asked for its document and did not get it: the phone signed in as another account.',
    );
    assert.equal(
      sentenceOf(event('ending-repeated', {})),
      'Unknown phone asked again although it is revoked, and was told again to forget the account.',
    );
  });

  test('control characters in the name of a phone are replaced', () => {
    const agent = 'LinphoneAndroid/5.2.5 (P\u009b2J\u001b[2J\u202Eixel) LinphoneSDK/5.3';
    assert.equal(
      sentenceOf(event('refetched', {}, { agent })),
      'Linphone 5.2.5 on Android (P\uFFFD2J\uFFFD[2J\uFFFDixel) fetched its configuration again.',
    );
  });

  test('what happened several times is told with the last time', () => {
    assert.equal(
      sentenceOf(event('code-shown', {}, { address: '192.0.2.1', count: 3, lastAt: 60_000 })),
      'The QR code was shown from 192.0.2.1 (3 times until 1970-01-01T00:01:00Z).',
    );
    assert.equal(
      sentenceOf(event('events-dropped', { of: 'refused' }, { count: 3, lastAt: 60_000 })),
      '3 older events of the kind refused made room for newer ones.',
    );
  });

  test('repeats that an earlier version recorded are told as it did', () => {
    assert.match(
      sentenceOf(event('code-shown', { repeated: 3 })),
      /^The QR code was shown \(3 more within a minute\)\.$/,
    );
  });

  test('the end of a code is told in UTC, or that it has none', () => {
    assert.match(sentenceOf(event('token-issued', { expires_at: 0 })), /valid until 1970-01-01T00:00Z/);
    assert.match(sentenceOf(event('token-issued', { expires_at: null })), /valid forever/);
  });
});
