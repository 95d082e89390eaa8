import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VisitorSign } from '../../src/events/event.ts';
import { visitorOf } from '../../src/phones/visitor.ts';
import { assertGrowsLinearly } from '../support/growth.ts';
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
    test(`${who} is recognized as a phone`, () =>
      assert.deepEqual(visitorOf(headers), { kind: 'phone', gets: 'account' }));
  }
  test('a visitor without any header is a phone', () => assert.equal(visitorOf({}).kind, 'phone'));
});

describe('a visitor who is a scanner', () => {
  for (const [name, headers] of namedScanners) {
    test(`${agentOf(headers)} is recognized as ${name}`, () => {
      const visitor = visitorOf(headers);
      assert.ok(visitor.kind === 'scanner');
      assert.equal(visitor.gets, 'preview');
      assert.equal(visitor.sign, 'known-program');
      assert.ok(visitor.name.includes(name), visitor.name);
    });
  }
  for (const [who, headers] of disguisedScanners) {
    test(`${who} is recognized as a scanner`, () => {
      assert.equal(visitorOf(headers).kind, 'scanner');
      assert.equal(visitorOf(headers).gets, 'base');
    });
  }
});

describe('a visitor who is a browser', () => {
  for (const [who, headers] of browsers)
    test(`${who} is recognized as a browser`, () => assert.equal(visitorOf(headers).gets, 'landing-page'));
  for (const [who, headers] of prefetches) {
    test(`${who} is recognized as a prefetch`, () => {
      assert.equal(visitorOf(headers).kind, 'prefetch');
      assert.equal(visitorOf(headers).gets, 'base');
    });
  }
});

describe('a visitor who does not get the account', () => {
  const signs: readonly (readonly [VisitorSign, Headers])[] = [
    ['accepts-html', { accept: 'application/xml, text/html' }],
    ['known-program', { 'user-agent': 'WhatsApp/2' }],
    ['poses-as-browser', { 'user-agent': 'Mozilla/5.0', accept: '*/*' }],
    ['poses-as-browser', { 'user-agent': 'x', 'sec-fetch-site': 'none' }],
    ['prefetch', { purpose: 'prefetch' }],
    ['language', { 'accept-language': 'de' }],
    ['range', { range: 'bytes=0-0' }],
    ['referrer', { referer: 'https://mail.example.com/' }],
    ['image', { accept: 'image/*' }],
  ];
  for (const [sign, headers] of signs) {
    test(`has the sign ${sign} with ${JSON.stringify(headers)}`, () => {
      const visitor = visitorOf(headers);
      assert.ok(visitor.kind !== 'phone');
      assert.equal(visitor.sign, sign);
    });
  }
});

test('the time to recognize a program grows only with the length of its name', () => {
  for (const part of ['Mozilla/5.0 (', 'bot', '(compatible; ', 'Yandex', ' link', '+http', 'AppleWebKit/601.2.4 ']) {
    const agent = (size: number) => ({ 'user-agent': part.repeat(size / part.length) });
    assertGrowsLinearly(agent, visitorOf, 16_000, part);
  }
});
