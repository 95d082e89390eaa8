import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { turnCredentials } from '../../src/sip/turn-credentials.ts';

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
    test(`${username}: the second at which they end, and a password made of it with the secret`, () => {
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
