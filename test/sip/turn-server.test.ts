import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { parseTurnServer, turnCredentials, turnUris } from '../../src/sip/turn-server.ts';

describe('a TURN server', () => {
  const uris: Readonly<Record<string, readonly string[]>> = {
    'turn.example.test': ['turn:turn.example.test?transport=udp', 'turn:turn.example.test?transport=tcp'],
    '192.0.2.7:3479': ['turn:192.0.2.7:3479?transport=udp', 'turn:192.0.2.7:3479?transport=tcp'],
    '[2001:db8::7]': ['turn:[2001:db8::7]?transport=udp', 'turn:[2001:db8::7]?transport=tcp'],
    'stun:turn.example.test:3478': [
      'turn:turn.example.test:3478?transport=udp',
      'turn:turn.example.test:3478?transport=tcp',
    ],
    'turn:turn.example.test': ['turn:turn.example.test?transport=udp', 'turn:turn.example.test?transport=tcp'],
    'turn:[2001:db8::7]:5000?transport=udp': ['turn:[2001:db8::7]:5000?transport=udp'],
    'turn:turn.example.test?transport=tcp': ['turn:turn.example.test?transport=tcp'],
    'turns:turn.example.test:443': ['turns:turn.example.test:443?transport=tcp'],
    'turns:turn.example.test?transport=tcp': ['turns:turn.example.test?transport=tcp'],
  };
  for (const [text, expected] of Object.entries(uris)) {
    test(`${text} is ${expected.join(' and ')}`, () => {
      const server = parseTurnServer(text);
      assert.ok(server !== undefined);
      assert.deepEqual(turnUris(server), expected);
    });
  }

  const wrong = [
    '',
    ':3478',
    'turn:',
    'Turn.example.test',
    'TURN:turn.example.test',
    'turn.example.test:0',
    'turn.example.test:65536',
    'turn.example.test:',
    'turn.example.test?transport=udp',
    'stun:turn.example.test?transport=udp',
    'stuns:turn.example.test',
    'turns:turn.example.test?transport=udp',
    'turn:turn.example.test?transport=sctp',
    'turn://turn.example.test',
    'turn:alice@turn.example.test',
    'https://turn.example.test',
    '2001:db8::7',
    '[2001:db8::7',
    '[]:3478',
    'turn .example.test',
    'turn.example.test\n',
    'turn.example.test\n[net]',
    'türn.test',
    '1.2.3',
  ];
  for (const text of wrong) {
    test(`${JSON.stringify(text)} is not a TURN server`, () => assert.equal(parseTurnServer(text), undefined));
  }
});

describe('TURN credentials', () => {
  // Passwords by `openssl dgst -sha1 -hmac`, keys by `md5sum`.
  const vectors = [
    {
      secret: 'north wind secret',
      user: 'alice',
      expiresAt: 1_700_000_000_999,
      username: '1700000000:alice',
      password: '1iMDdSumA1OkPkQM4HM6VK59wR0=',
      key: 'ca65d08beb3987a55dad50c2697fe207',
    },
    {
      secret: 'ключ-секрет',
      user: 'zoé',
      expiresAt: 32_503_680_000_000,
      username: '32503680000:zoé',
      password: 'z5efTIKbiP7LWE89nbS2X0WntsU=',
      key: 'fae98fee9c61e74a8d8937aa8b9c94d0',
    },
  ];
  for (const { secret, user, expiresAt, username, password, key } of vectors) {
    test(`have the second of their expiry in the user name, as in ${username}, and a password derived from it`, () => {
      assert.deepEqual(turnCredentials(secret, user, expiresAt), { username, password });
      assert.equal(computeHa1('MD5', username, 'sip.example.test', password), key);
    });
  }

  test('differ by secret, by user and by second', () => {
    const passwords = [
      turnCredentials('secret', 'alice', 1_700_000_000_000),
      turnCredentials('other', 'alice', 1_700_000_000_000),
      turnCredentials('secret', 'bob', 1_700_000_000_000),
      turnCredentials('secret', 'alice', 1_700_000_001_000),
    ].map(({ password }) => password);
    assert.equal(new Set(passwords).size, passwords.length);
  });
});
