import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseVcards } from './strict-vcard.ts';

const good = 'BEGIN:VCARD\r\nVERSION:4.0\r\nUID:a\r\nFN:Alice\r\nIMPP:sip:alice@x.example\r\nX-A:b\r\nEND:VCARD\r\n';

test('the strict parser reads a good card', () => {
  assert.deepEqual(parseVcards(Buffer.from(good + good)).at(1), {
    uid: 'a',
    fullName: 'Alice',
    impp: 'sip:alice@x.example',
    extensions: [['X-A', 'b']],
  });
});

describe('the strict parser', () => {
  for (const [mistake, from, to] of [
    ['another version', '4.0', '3.0'],
    ['a version that comes later', 'VERSION:4.0\r\nUID:a', 'UID:a\r\nVERSION:4.0'],
    ['a raw comma in a name', 'Alice', 'Al,ice'],
    ['a raw backslash in a name', 'Alice', 'Al\\ice'],
    ['an escaped semicolon in a name', 'Alice', 'Al\\;ice'],
    ['a control character', 'Alice', 'Al\u0001ice'],
    ['a bare line feed', 'Alice', 'Al\nice'],
    ['an empty UID', 'UID:a', 'UID:'],
    ['an address without scheme', 'sip:', ''],
    ['an address with a blank', 'alice@', 'al ice@'],
    ['an address that is not ASCII', 'alice@', 'alicé@'],
    ['an unknown property without X-', 'X-A', 'A'],
    ['an empty property', 'X-A:b', 'X-A:'],
    ['a raw backslash in a property', 'X-A:b', 'X-A:b\\'],
    ['a line that is not folded', 'Alice', 'A'.repeat(73)],
    ['an end that is missing', 'END:VCARD\r\n', ''],
  ] as const) {
    test(`refuses ${mistake}, as Linphone does`, () => {
      assert.throws(() => parseVcards(Buffer.from(good.replace(from, to))), { code: 'ERR_ASSERTION' });
    });
  }

  test('refuses invalid UTF-8, as Linphone does', () => {
    assert.throws(() => parseVcards(Buffer.from(good.replace('Alice', 'Al\xffice'), 'latin1')), TypeError);
  });
});
