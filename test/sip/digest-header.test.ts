import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  challengeHeader,
  challengeHeaders,
  parseDigestCredentials,
  parseFromHeader,
} from '../../src/sip/digest-header.ts';
import { assertGrowsLinearly } from '../support/growth.ts';

const sha256Response = '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1';
const md5Response = '8ca523f5e9506fed4657c9700eebdbec';

/** A right header as text by parameter, to be broken by one parameter at a time. */
const rightParams: Readonly<Record<string, string>> = {
  username: '"Mufasa"',
  realm: '"http-auth@example.org"',
  uri: '"/dir/index.html"',
  algorithm: 'SHA-256',
  nonce: '"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"',
  nc: '00000001',
  cnonce: '"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"',
  qop: 'auth',
  response: `"${sha256Response}"`,
};
const rightCredentials = {
  username: 'Mufasa',
  realm: 'http-auth@example.org',
  uri: '/dir/index.html',
  algorithm: 'SHA-256',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  nc: 1,
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  qop: 'auth',
  response: sha256Response,
};

/** The right header with some parameters replaced, or left out where they are undefined. */
function header(changes: Readonly<Record<string, string | undefined>> = {}): string {
  const params = Object.entries({ ...rightParams, ...changes }).filter(([, value]) => value !== undefined);
  return `Digest ${params.map(([name, value]) => `${name}=${value}`).join(', ')}`;
}

describe('reading Authorization', () => {
  test('returns all parameters', () => {
    assert.deepEqual(parseDigestCredentials(header()), rightCredentials);
    assert.deepEqual(parseDigestCredentials(header({ opaque: '"FQhe/qaU"' })), {
      ...rightCredentials,
      opaque: 'FQhe/qaU',
    });
  });

  const readable: readonly [title: string, header: string, expected: Record<string, unknown>][] = [
    ['the scheme in any letter case', header().replace('Digest', 'dIGEST'), {}],
    ['parameter names in any letter case', header().replace('username', 'UserName').replace('nc=', 'NC='), {}],
    ['blanks around commas and equals signs', header().replaceAll(', ', ' \t,  ').replaceAll('=', ' = '), {}],
    ['no blanks at all', header().replaceAll(', ', ','), {}],
    ['empty list elements', header().replace('Digest ', 'Digest ,, ').concat(' , ,'), {}],
    ['more than one blank after the scheme', header().replace('Digest ', 'Digest   '), {}],
    ['quotes where a token would do (belle-sip quotes the algorithm)', header({ algorithm: '"SHA-256"' }), {}],
    ['qop and nc in quotes', header({ qop: '"auth"', nc: '"00000001"' }), {}],
    ['the algorithm in any letter case', header({ algorithm: 'sha-256' }), {}],
    ['parameters it does not know', header({ 'auth-param': 'token', another: '"quoted, = text"' }), {}],
    ['userhash=false', header({ userhash: 'false' }), {}],
    ['nc in hexadecimal', header({ nc: 'fffffffe' }), { nc: 0xfffffffe }],
    ['commas and equals signs in quotes', header({ username: '"a, nc=1"' }), { username: 'a, nc=1' }],
    ['quoted pairs', header({ username: String.raw`"a\"b\\c\d"` }), { username: String.raw`a"b\cd` }],
    [
      'names beyond ASCII',
      header({ username: '"zoé 🦊"', realm: '"Zürich"' }),
      { username: 'zoé 🦊', realm: 'Zürich' },
    ],
    [
      'username*',
      header({ username: undefined, 'username*': "UTF-8''J%C3%A4s%C3%B8n%20Doe" }),
      { username: 'Jäsøn Doe' },
    ],
    ['username* with a language', header({ username: undefined, 'username*': "utf-8'en-US'a" }), { username: 'a' }],
    [
      'an algorithm that is not named, which is MD5',
      header({ algorithm: undefined, response: `"${md5Response}"` }),
      { algorithm: 'MD5', response: md5Response },
    ],
  ];
  for (const [title, text, expected] of readable) {
    test(`accepts ${title}`, () => {
      assert.deepEqual(parseDigestCredentials(text), { ...rightCredentials, ...expected });
    });
  }

  const broken: readonly [title: string, header: string][] = [
    ['an empty header', ''],
    ['the scheme alone', 'Digest'],
    ['the scheme and a blank', 'Digest '],
    ['another scheme', header().replace('Digest', 'Basic')],
    ['a scheme that only begins with Digest', header().replace('Digest', 'Digest2')],
    ['no scheme', header().replace('Digest ', '')],
    ['two sets of credentials', `${header()}, Basic YTpi`],
    ['a Bearer token', 'Bearer abc.def.ghi'],
    ['RFC 2069: no qop, nc and cnonce', header({ qop: undefined, nc: undefined, cnonce: undefined })],
    ...Object.keys(rightParams)
      .filter((name) => name !== 'algorithm')
      .map((name): [string, string] => [`no ${name}`, header({ [name]: undefined })]),
    ...Object.keys(rightParams).map((name): [string, string] => [`an empty ${name}`, header({ [name]: '""' })]),
    ...Object.keys(rightParams).map((name): [string, string] => [`${name} without a value`, header({ [name]: '' })]),
    ...Object.entries(rightParams).map(([name, value]): [string, string] => [
      `${name} twice`,
      `${header()}, ${name.toUpperCase()}=${value}`,
    ]),
    ['an unknown parameter twice', header({ a: 'b', A: 'b' })],
    ['qop=auth-int', header({ qop: 'auth-int' })],
    ['qop=AUTH, as the letter case is hashed', header({ qop: 'AUTH' })],
    ['several qop', header({ qop: '"auth,auth-int"' })],
    ['an unknown algorithm', header({ algorithm: 'SHA-512-256' })],
    ['a session algorithm', header({ algorithm: 'MD5-sess', response: `"${md5Response}"` })],
    ['an algorithm named like a property of objects', header({ algorithm: 'constructor' })],
    ['nc with 7 digits', header({ nc: '0000001' })],
    ['nc with 9 digits', header({ nc: '000000001' })],
    ['nc that is not hexadecimal', header({ nc: '0000000g' })],
    ['nc in capitals, as the letter case is hashed', header({ nc: '0000000A' })],
    ['nc with a sign', header({ nc: '-0000001' })],
    ['nc=0', header({ nc: '00000000' })],
    ['a response of the other algorithm', header({ response: `"${md5Response}"` })],
    ['a response that is too long', header({ response: `"${sha256Response}0"` })],
    ['a response in capitals', header({ response: `"${sha256Response.toUpperCase()}"` })],
    ['a response that is not hexadecimal', header({ response: `"${'g'.repeat(64)}"` })],
    ['a blank in uri', header({ uri: '"/dir/index .html"' })],
    ['uri beyond ASCII', header({ uri: '"/dïr"' })],
    ['userhash=true', header({ userhash: 'true' })],
    ['username and username*', header({ 'username*': "UTF-8''Mufasa" })],
    ['username* in another charset', header({ username: undefined, 'username*': "ISO-8859-1''J%E4s" })],
    ['username* with broken UTF-8', header({ username: undefined, 'username*': "UTF-8''J%E4s" })],
    ['username* with a broken escape', header({ username: undefined, 'username*': "UTF-8''J%C" })],
    ['username* with a control character', header({ username: undefined, 'username*': "UTF-8''a%00b" })],
    ['username* without a charset', header({ username: undefined, 'username*': 'Mufasa' })],
    ['username* that is empty', header({ username: undefined, 'username*': "UTF-8''" })],
    ['an open quote', header({ username: '"Mufasa' })],
    ['an open quote at the end', header({ response: `"${sha256Response}` })],
    ['an escaped closing quote', header({ username: '"Mufasa\\"' })],
    ['text after a closing quote', header({ username: '"Mufasa"x' })],
    ['two values', header({ username: '"Mufasa" "Scar"' })],
    ['no comma between parameters', header().replaceAll(', ', ' ')],
    ['semicolons between parameters', header().replaceAll(', ', '; ')],
    ['a parameter without a name', header({ '': 'x' })],
    ['a name that is no token', header({ 'a b': 'x' })],
    ['a parameter without equals sign', `${header()}, x`],
    ['a quoted text that should be a token', header({ username: 'Mu/fasa' })],
    ['a NUL', header({ username: '"Mu\0fasa"' })],
    ['a line feed', header({ username: '"Mu\nfasa"' })],
    ['a line feed at the end', `${header()}\n`],
    ['a carriage return', header({ username: '"Mu\rfasa"' })],
    ['an escaped control character', header({ username: '"Mu\\\u0001fasa"' })],
    ['a C1 control character', header({ username: '"Mu\u0085fasa"' })],
    ['a header over 8192 characters', header({ username: `"${'a'.repeat(8192)}"` })],
  ];
  for (const [title, text] of broken) {
    test(`refuses ${title}`, () => {
      assert.equal(parseDigestCredentials(text), undefined);
    });
  }

  test('accepts a header of 8192 characters', () => {
    const padding = 8192 - header({ padding: '' }).length;
    const text = header({ padding: 'a'.repeat(padding) });
    assert.equal(text.length, 8192);
    assert.deepEqual(parseDigestCredentials(text), rightCredentials);
  });

  test('never throws, whatever the header', () => {
    const pieces = fc.constantFrom(
      ...'=,"\\ \t*\'%',
      'Digest ',
      'nc',
      'qop=auth',
      'username="a"',
      '\xc3\xa9',
      '\n',
      'é',
    );
    const almostDigest = fc
      .array(fc.oneof(pieces, fc.string({ unit: 'binary' })))
      .map((parts) => `Digest ${parts.join('')}`);
    fc.assert(
      fc.property(fc.oneof(almostDigest, fc.string({ unit: 'binary' })), (text) => {
        const credentials = parseDigestCredentials(text);
        assert.ok(credentials === undefined || credentials.qop === 'auth');
      }),
    );
  });

  test('returns any names unchanged', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(name, name, (username, cnonce) => {
        const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
        const text = header({ username: quote(username), cnonce: quote(cnonce) });
        assert.deepEqual(parseDigestCredentials(text), { ...rightCredentials, username, cnonce });
      }),
    );
  });

  const most = 65_536;
  const hostile: readonly (readonly [title: string, filling: string, end: string])[] = [
    ['one parameter', 'a=b,'.repeat(most / 4), ''],
    ['different parameters', Array.from({ length: most / 8 }, (_, i) => `a${i}="",`).join(''), ''],
    ['blanks', ' '.repeat(most), 'x'],
    ['commas', ', '.repeat(most / 2), '"'],
    ['quoted pairs', '\\"'.repeat(most / 2), ''],
    ['equals signs', '='.repeat(most), ''],
    ['quotes', '"'.repeat(most), 'x'],
    ['letters', 'a'.repeat(most), '"'],
    ['bytes beyond ASCII', '\xc3\xa9'.repeat(most / 2), '\xff'],
  ];
  for (const [title, filling, end] of hostile) {
    test(`takes time that grows only with the length of a header full of ${title}`, () => {
      for (const start of ['Digest ', 'Digest a', 'Digest a=', 'Digest a="', 'Digest a=b', 'Digest a="b"']) {
        const textOf = (size: number) => (start + filling).slice(0, size - end.length) + end;
        const refuses = (text: string) => assert.equal(parseDigestCredentials(text), undefined);
        assertGrowsLinearly(textOf, refuses, most, start);
      }
    });
  }
});

describe('writing WWW-Authenticate', () => {
  const challenge = { realm: 'sip.example.com', nonce: 'abc.def-1', stale: false };

  test('asks for qop=auth, with the algorithm outside quotes', () => {
    assert.equal(
      challengeHeader({ ...challenge, algorithm: 'SHA-256' }),
      'Digest realm="sip.example.com", qop="auth", algorithm=SHA-256, nonce="abc.def-1"',
    );
  });

  test('a challenge for a stale nonce says stale=true', () => {
    assert.equal(
      challengeHeader({ ...challenge, algorithm: 'MD5', stale: true }),
      'Digest realm="sip.example.com", qop="auth", algorithm=MD5, nonce="abc.def-1", stale=true',
    );
  });

  test('is one line for each algorithm, SHA-256 first', () => {
    const both = challengeHeaders(['MD5', 'SHA-256'], challenge);
    assert.deepEqual(
      both.map((line) => /algorithm=([^,]*)/.exec(line)?.[1]),
      ['SHA-256', 'MD5'],
    );
    assert.equal(challengeHeaders(['MD5'], challenge).length, 1);
  });

  test('escapes quotes and backslashes in the realm', () => {
    const text = challengeHeader({ ...challenge, algorithm: 'MD5', realm: String.raw`a "b" \c` });
    assert.ok(text.startsWith(String.raw`Digest realm="a \"b\" \\c", qop=`), text);
  });

  test('sends a realm with characters outside ASCII as UTF-8', () => {
    const text = challengeHeader({ ...challenge, algorithm: 'MD5', realm: 'Zürich 🏔' });
    assert.ok(Buffer.from(text, 'latin1').toString().startsWith('Digest realm="Zürich 🏔", qop='), text);
  });

  test('is a single valid header line, whatever the realm is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', '\r\nSet-Cookie: a=b', '\0', '\x7f', '\x85'),
        (a, b) => {
          const text = challengeHeader({ ...challenge, algorithm: 'MD5', realm: a + b + a });
          assert.match(text, /^Digest realm="(?:[^"\\]|\\.)*", qop="auth", algorithm=MD5, nonce="abc.def-1"$/);
          assert.doesNotMatch(text, /[^\x20-\x7e\x80-\xff]/);
          new Headers([['www-authenticate', text]]);
        },
      ),
    );
  });
});

describe('reading From', () => {
  const alice = { username: 'alice', domain: 'sip.example.com' };
  const readable: readonly [from: string, expected: { username: string; domain: string }][] = [
    ['sip:alice@sip.example.com', alice],
    ['sips:alice@sip.example.com', alice],
    ['SIP:alice@SIP.Example.COM', alice],
    ['sip:alice@sip.example.com:5061', alice],
    ['sip:alice@sip.example.com;transport=tls', alice],
    ['sip:alice@sip.example.com;tag="1"', alice],
    ['<sip:alice@sip.example.com>', alice],
    ['<sip:alice@sip.example.com;transport=tls>;tag=abc', alice],
    ['Alice <sip:alice@sip.example.com>', alice],
    ['"Alice <\\"A\\">; x" <sip:alice@sip.example.com;x=y>;tag=abc', alice],
    [' \tsip:alice@sip.example.com ', alice],
    ['sip:Alice@sip.example.com', { ...alice, username: 'Alice' }],
    ['sip:a%23b@sip.example.com', { ...alice, username: 'a#b' }],
    ['sip:zo%c3%a9@sip.example.com', { ...alice, username: 'zoé' }],
    ['sip:+33601020304@sip.example.com', { ...alice, username: '+33601020304' }],
    ['sip:a;b@sip.example.com;tag=1', { ...alice, username: 'a;b' }],
    ['sip:alice@192.0.2.1:5060', { ...alice, domain: '192.0.2.1' }],
    ['sip:alice@[2001:DB8::1]:5060', { ...alice, domain: '[2001:db8::1]' }],
  ];
  for (const [from, expected] of readable) {
    test(`accepts ${from}`, () => {
      assert.deepEqual(parseFromHeader(from), expected);
    });
  }

  const broken: readonly string[] = [
    '',
    'alice',
    'alice@sip.example.com',
    'mailto:alice@sip.example.com',
    'http://alice@sip.example.com',
    'sip:',
    'sip:@',
    'sip:alice',
    'sip:alice@',
    'sip:@sip.example.com',
    'sip:sip.example.com',
    'sip:alice@bob@sip.example.com',
    'sip:alice:secret@sip.example.com',
    'sip:alice@sip.example.com:',
    'sip:alice@sip.example.com:99999',
    'sip:alice@sip example.com',
    'sip:alice@sip..example.com',
    'sip:al ice@sip.example.com',
    'sip:alice%@sip.example.com',
    'sip:alice%4@sip.example.com',
    'sip:alice%zz@sip.example.com',
    'sip:alice%e9@sip.example.com',
    'sip:alice%00@sip.example.com',
    'sip:alice%0a@sip.example.com',
    'sip:alice%C2%85@sip.example.com',
    'sip:alice\n@sip.example.com',
    'sip:zo\xc3\xa9@sip.example.com',
    '<sip:alice@sip.example.com',
    'sip:alice@sip.example.com>',
    '<sip:alice@sip.example.com> x',
    '<sip:alice@sip.example.com>, <sip:bob@sip.example.com>',
    '<<sip:alice@sip.example.com>>',
    '"Alice <sip:alice@sip.example.com>',
    '"Alice" "A" <sip:alice@sip.example.com>',
    `sip:${'a'.repeat(1024)}@sip.example.com`,
  ];
  for (const from of broken) {
    test(`refuses ${JSON.stringify(from.slice(0, 60))}`, () => {
      assert.equal(parseFromHeader(from), undefined);
    });
  }

  test('never throws, and returns no control characters', () => {
    const pieces = fc.constantFrom('sip:', '<', '>', '"', '\\', '@', ';', ':', '%', '%00', '[', ']', 'a', '.b', ' ');
    const almostFrom = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' }))).map((parts) => parts.join(''));
    fc.assert(
      fc.property(almostFrom, (text) => {
        const address = parseFromHeader(text);
        assert.ok(address === undefined || !/\p{Cc}/u.test(address.username + address.domain));
      }),
      { numRuns: 1000 },
    );
  });

  test('takes time that grows only with the length, whatever the header is full of', () => {
    for (const piece of ['"', '"', '<', '>', ' ', ';', ';@', ':', '@', '%', '%41', '[', 'a', '.']) {
      for (const start of ['', '"', '<', 'sip:', '<sip:', 'sip:a@', '<sip:a@b>', '<sip:a@b;']) {
        const textOf = (size: number) => start + piece.repeat(size / piece.length);
        assertGrowsLinearly(textOf, parseFromHeader, 16_384, `${start}${piece}…`);
      }
    }
  });
});
