import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  checkDomain,
  checkRegistrar,
  escapeUserPart,
  nameAddr,
  parseDecodedAddress,
  parseSipAddress,
  parseSipUri,
  quoteDisplayName,
  sipUri,
} from '../../src/sip/sip-uri.ts';
import { assertGrowsLinearly } from '../support/growth.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const username = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .filter((text) => text.isWellFormed() && !/[\u0000-\u001f\u007f-\u009f]/.test(text));
const domain = fc.oneof(
  fc.domain().map((name) => name.toLowerCase()),
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]`),
);
const almostUri = fc.string({
  unit: fc.constantFrom(...'sip: SIPS: a @ % %41 %00 ; = ? : [ ::1 ] . 5060 é'.split(' ')),
  maxLength: 10,
});

describe('a user part', () => {
  const unreserved = "abcXYZ019-_.!~*'()&=+$,;?/";
  for (const [username, escaped] of [
    [unreserved, unreserved],
    ['a#b', 'a%23b'],
    ['a@b:c', 'a%40b%3Ac'],
    ['50%', '50%25'],
    ['%26', '%2526'],
    [' "<>[]\\^`{|}', '%20%22%3C%3E%5B%5D%5C%5E%60%7B%7C%7D'],
    ['é😀', '%C3%A9%F0%9F%98%80'],
    ['\ud800', '%EF%BF%BD'],
    ['\n', '%0A'],
  ] as const) {
    test(`${JSON.stringify(username)} is written ${escaped}`, () => {
      assert.equal(escapeUserPart(username), escaped);
      assert.equal(sipUri(username, 'sip.example.com'), `sip:${escaped}@sip.example.com`);
    });
  }
});

describe('a name-addr', () => {
  test('has the display name in quotes, with quotes and backslashes escaped', () => {
    assert.equal(quoteDisplayName('Al "Bo\\b"'), '"Al \\"Bo\\\\b\\""');
    assert.equal(nameAddr('Al, "é"', 'a#b', 'x.example'), '"Al, \\"é\\"" <sip:a%23b@x.example>');
  });

  test('an address without a display name is its URI in angle brackets', () => {
    assert.equal(nameAddr(null, 'alice', 'x.example'), '<sip:alice@x.example>');
    assert.equal(nameAddr('', 'alice', 'x.example'), '<sip:alice@x.example>');
  });

  test('has no backslash at the end of its name, because Kamailio would take it for the escape of the quote', () => {
    for (const name of ['Zoë \\', 'Zoë\\\\', 'Zoë \\ \\ '])
      assert.equal(nameAddr(name, 'zoe', 'x.example'), '"Zoë" <sip:zoe@x.example>');
    assert.equal(nameAddr('\\Z\\o', 'zoe', 'x.example'), '"\\\\Z\\\\o" <sip:zoe@x.example>');
    assert.equal(nameAddr('\\\\', 'zoe', 'x.example'), '<sip:zoe@x.example>');
  });

  test('never ends its quotes early, whatever the display name', () => {
    fc.assert(
      fc.property(anyText, (name) => {
        const inner = /^"((?:[^"\\]|\\["\\])*)"$/.exec(quoteDisplayName(name))?.[1];
        assert.equal(inner?.replace(/\\(.)/g, '$1'), name);
      }),
    );
  });
});

describe('a SIP URI', () => {
  const plain = { scheme: 'sip', user: 'alice', host: 'sip.example.com', port: null, parameters: new Map() };
  for (const [text, differences] of [
    ['sip:alice@sip.example.com', {}],
    ['SIP:alice@SIP.Example.COM', {}],
    ['sips:Alice@sip.example.com', { scheme: 'sips', user: 'Alice' }],
    ['sip:sip.example.com', { user: null }],
    ['sip:a%23%c3%a9@sip.example.com:5060', { user: 'a#é', port: 5060 }],
    ["sip:-_.!~*'()&=+$,;?/@sip.example.com", { user: "-_.!~*'()&=+$,;?/" }],
    ['sip:alice@192.0.2.1', { host: '192.0.2.1' }],
    ['sip:alice@[2001:DB8::1]:65535', { host: '[2001:db8::1]', port: 65535 }],
    [
      'sip:alice@sip.example.com;Transport=TLS;lr',
      {
        parameters: new Map([
          ['transport', 'TLS'],
          ['lr', ''],
        ]),
      },
    ],
    ['sip:alice@sip.example.com;x=%20a/[b]', { parameters: new Map([['x', ' a/[b]']]) }],
  ] as const) {
    test(`${text} is read`, () => {
      assert.deepEqual(parseSipUri(text), { ...plain, ...differences });
    });
  }

  for (const text of [
    '',
    'sip:',
    'alice@sip.example.com',
    'tel:+33601020304',
    'http://sip.example.com',
    '<sip:alice@sip.example.com>',
    ' sip:alice@sip.example.com',
    'sip:alice@sip.example.com ',
    'sip:alice@sip.example.com\n',
    'sip: alice@sip.example.com',
    'sip:@sip.example.com',
    'sip:alice@',
    'sip:alice:secret@sip.example.com',
    'sip:alice@bob@sip.example.com',
    'sip:al#ice@sip.example.com',
    'sip:al"ice@sip.example.com',
    'sip:é@sip.example.com',
    'sip:alice@é.example.com',
    'sip:alice@\u212a.example.com',
    'sip:%@sip.example.com',
    'sip:%4@sip.example.com',
    'sip:%zz@sip.example.com',
    'sip:%ff@sip.example.com',
    'sip:%00@sip.example.com',
    'sip:a%0d%0ab@sip.example.com',
    'sip:alice@sip..example.com',
    'sip:alice@-sip.example.com',
    'sip:alice@1.2.3.256',
    'sip:alice@2001:db8::1',
    'sip:alice@[2001:db8::1',
    'sip:alice@[2001:db8::1]x',
    'sip:alice@[fe80::1%25eth0]',
    'sip:alice@[192.0.2.1]',
    'sip:alice@sip.example.com:',
    'sip:alice@sip.example.com:0',
    'sip:alice@sip.example.com:65536',
    'sip:alice@sip.example.com:5060:5061',
    'sip:alice@sip.example.com;',
    'sip:alice@sip.example.com;=x',
    'sip:alice@sip.example.com;x=',
    'sip:alice@sip.example.com;x=a=b',
    'sip:alice@sip.example.com;lr;LR',
    'sip:alice@sip.example.com;x=%0a',
    'sip:alice@sip.example.com?subject=x',
  ]) {
    test(`${JSON.stringify(text)} is refused`, () => {
      assert.equal(parseSipUri(text), undefined);
    });
  }

  test('reads back as it was written', () => {
    fc.assert(
      fc.property(username, domain, (user, host) => {
        assert.deepEqual(parseSipUri(sipUri(user, host)), { ...plain, user, host });
      }),
    );
  });

  test('accepts only ASCII without spaces and line breaks, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, almostUri), (text) => {
        const uri = parseSipUri(text);
        if (uri === undefined) return;
        assert.match(text, /^[\x21-\x7e]+$/);
        assert.equal(checkDomain(uri.host), undefined);
        for (const part of [uri.user ?? '', ...uri.parameters.values()]) assert.doesNotMatch(part, /[\x00-\x1f\x7f]/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('an address', () => {
  for (const [text, username, domain] of [
    ['alice@sip.example.com', 'alice', 'sip.example.com'],
    ['sip:alice@sip.example.com', 'alice', 'sip.example.com'],
    ['SIPS:Alice@SIP.example.com', 'Alice', 'sip.example.com'],
    ['a%23b@sip.example.com', 'a#b', 'sip.example.com'],
    ['a#b@sip.example.com', 'a#b', 'sip.example.com'],
    ['é@sip.example.com', 'é', 'sip.example.com'],
    ['alice@mail.example@sip.example.com', 'alice@mail.example', 'sip.example.com'],
    ['alice@[::1]', 'alice', '[::1]'],
  ] as const) {
    test(`${text} is ${username} in ${domain}`, () => {
      assert.deepEqual(parseSipAddress(text), { username, domain });
    });
  }

  for (const text of [
    '',
    '@',
    'alice',
    'alice@',
    '@sip.example.com',
    'sip:@sip.example.com',
    '50%@sip.example.com',
    'a%00b@sip.example.com',
    'a%0ab@sip.example.com',
    'a\nb@sip.example.com',
    '\ud800@sip.example.com',
    'alice@sip.example.com:5060',
    'alice@sip.example.com;transport=tls',
    'alice@\u212a.example.com',
    'alice@2001:db8::1',
    '<sip:alice@sip.example.com>',
  ]) {
    test(`${JSON.stringify(text)} is not an address`, () => {
      assert.equal(parseSipAddress(text), undefined);
    });
  }

  test('is already decoded in the path of a URL, so that a % in its user name is a %', () => {
    const read = (username: string) => parseDecodedAddress(`sip:${username}@SIP.example.com`);
    for (const username of ['%s', 'a%41', '50%', 'a#b', 'é', '%00'])
      assert.deepEqual(read(username), { username, domain: 'sip.example.com' });
    for (const unusable of ['', '\0', 'a\nb', '\ud800']) assert.equal(read(unusable), undefined);
  });

  test('reads back what was written, and throws for no text', () => {
    fc.assert(
      fc.property(username, domain, anyText, almostUri, (username, domain, text, almost) => {
        assert.deepEqual(parseSipAddress(sipUri(username, domain)), { username, domain });
        parseSipAddress(text);
        parseSipAddress(almost);
      }),
    );
  });
});

test('any display name takes time to write that grows only with its length', () => {
  for (const part of ['\\', ' ', '\\ ', '"']) {
    const write = (name: string) => nameAddr(`${name}x`, 'a', 'x.test');
    assertGrowsLinearly((size) => part.repeat(size / part.length), write, 20_000, part);
  }
});

test('any address takes time to parse that grows only with its length', () => {
  for (const part of ['%41', '@', ':', ';', ';a', ';a=%', '[', 'a.', '-', 'sip:', '%']) {
    for (const read of [parseSipUri, parseSipAddress, checkDomain, checkRegistrar]) {
      assertGrowsLinearly((size) => `sip:${part.repeat(size / part.length)}`, read, 100_000, `${read.name} ${part}`);
    }
  }
});
