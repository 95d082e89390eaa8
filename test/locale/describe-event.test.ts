import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Event, type EventKind, eventKinds } from '../../src/events/event.ts';
import { sentenceOf } from '../../src/locale/describe-event.ts';
import { refusalWords, visitorWords } from '../../src/locale/refusal-words.ts';
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

  for (const [reason, words] of Object.entries(visitorWords)) {
    test(`a visitor who did not get the account is described by the reason: ${reason}`, () => {
      const told = sentenceOf(event('turned-away', { name: 'a program', reason }));
      assert.equal(told, `A program opened the link; the code was not used up, because ${words}.`);
    });
  }

  test('the page of a code says why the code no longer works, and nothing else', () => {
    assert.equal(sentenceOf(event('page-opened', { reason: 'accepts-html' })), sentenceOf(event('page-opened')));
    assert.match(
      sentenceOf(event('page-opened', { reason: 'used' })),
      /but the code no longer works: the code had been/,
    );
  });

  test('an unknown kind of a later version is named', () => {
    assert.equal(
      sentenceOf(event('moved' as EventKind, {}, { actor: { kind: 'unknown', id: null, name: 'bob' } })),
      'Moved by bob.',
    );
  });

  test('a fetch mentions everything that it changed', () => {
    const told = sentenceOf(event('fetched', { again: true, activated: true, new_password: true }));
    assert.equal(
      told,
      'Unknown phone fetched the account, again, because the earlier answer may not have arrived, which activated it, with a new password.',
    );
  });

  test('a fetch with a new password tells how many other devices follow it', () => {
    const told = (following: number) => sentenceOf(event('fetched', { new_password: true, following }));
    const start = 'Unknown phone fetched the account, with a new password';
    assert.equal(told(0), `${start}.`);
    assert.equal(told(1), `${start}, which another device fetches by its key.`);
    assert.equal(told(3), `${start}, which 3 other devices fetch by their keys.`);
  });

  test('a refusal of a device says why, and a repeated ending that it is repeated', () => {
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

  test('an event that happened several times has the last time', () => {
    assert.equal(
      sentenceOf(event('code-shown', {}, { address: '192.0.2.1', count: 3, lastAt: 60_000 })),
      'The QR code was shown from 192.0.2.1 (3 times until 1970-01-01T00:01:00Z).',
    );
    assert.equal(
      sentenceOf(event('events-dropped', { of: 'refused' }, { count: 3, lastAt: 60_000 })),
      '3 older events of the kind refused made room for newer ones.',
    );
  });

  test('repeats that an earlier version recorded are described as before', () => {
    assert.match(
      sentenceOf(event('code-shown', { repeated: 3 })),
      /^The QR code was shown \(3 more within a minute\)\.$/,
    );
  });

  test('the expiry of a code is in UTC, or the sentence says that it never expires', () => {
    assert.match(sentenceOf(event('token-issued', { expires_at: 0 })), /valid until 1970-01-01T00:00Z/);
    assert.match(sentenceOf(event('token-issued', { expires_at: null })), /valid forever/);
    assert.match(
      sentenceOf(event('token-issued', { expires_at: 0 }), (instant) => `at ${instant}`),
      /valid until at 0\.$/,
    );
  });
});
