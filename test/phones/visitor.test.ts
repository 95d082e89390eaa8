import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { visitorOf } from '../../src/phones/visitor.ts';
import {
  browsers,
  disguisedScanners,
  earlyPhones,
  type Headers,
  laterPhones,
  namedScanners,
  prefetches,
  scripts,
} from './visitors.ts';

const agentOf = (headers: Headers) => headers['user-agent']?.slice(0, 60) ?? '';

describe('a visitor who is a phone', () => {
  for (const [who, headers] of [...earlyPhones, ...laterPhones, ...scripts]) {
    test(who, () => assert.deepEqual(visitorOf(headers), { kind: 'phone', name: 'a phone', gets: 'account' }));
  }
  test('with no header at all', () => assert.equal(visitorOf({}).kind, 'phone'));
});

describe('a visitor who is a scanner', () => {
  for (const [name, headers] of namedScanners) {
    test(`${agentOf(headers)}: ${name}`, () => {
      const visitor = visitorOf(headers);
      assert.equal(visitor.kind, 'scanner');
      assert.equal(visitor.gets, 'preview');
      assert.ok(visitor.name.includes(name), visitor.name);
    });
  }
  for (const [who, headers] of disguisedScanners) {
    test(who, () => {
      assert.equal(visitorOf(headers).kind, 'scanner');
      assert.equal(visitorOf(headers).gets, 'base');
    });
  }
});

describe('a visitor who is a browser', () => {
  for (const [who, headers] of browsers) test(who, () => assert.equal(visitorOf(headers).gets, 'landing-page'));
  for (const [who, headers] of prefetches) {
    test(who, () => {
      assert.equal(visitorOf(headers).kind, 'prefetch');
      assert.equal(visitorOf(headers).gets, 'base');
    });
  }
});

test('the longest of names are looked through in no time', () => {
  for (const part of ['Mozilla/5.0 (', 'bot', '(compatible; ', 'Yandex', ' link', '+http', 'AppleWebKit/601.2.4 ']) {
    const started = performance.now();
    visitorOf({ 'user-agent': part.repeat(16_000 / part.length) });
    assert.ok(performance.now() - started < 100, part);
  }
});

test('telling a phone from the rest costs next to nothing', () => {
  const phones = [...earlyPhones, ...laterPhones].map(([, headers]) => ({ host: 'ringup.example.test', ...headers }));
  const microseconds = Math.min(...[1, 2, 3, 4, 5].map(() => measure(phones)));
  assert.ok(microseconds < 10, `${microseconds} µs`);
});

function measure(phones: readonly Headers[]): number {
  const rounds = 2_000;
  const started = performance.now();
  for (let round = 0; round < rounds; round += 1) for (const headers of phones) visitorOf(headers);
  return ((performance.now() - started) * 1_000) / (rounds * phones.length);
}
