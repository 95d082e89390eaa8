import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashSecret, randomToken, tokenSource } from '../../src/lib/random-token.ts';

test('a token has 22 letters and digits, and is different each time', () => {
  const tokens = Array.from({ length: 5000 }, randomToken);
  for (const token of tokens) assert.match(token, /^[A-Za-z0-9]{22}$/);
  assert.equal(new Set(tokens).size, tokens.length);
});

test('a token can have a prefix for lists in addition to its 22 characters', () => {
  assert.match(randomToken(6), /^[A-Za-z0-9]{28}$/);
});

test('every character is equally likely, whatever the byte it came from', () => {
  const counts = new Map<string, number>();
  const everyByteInTurn = tokenSource((bytes) => bytes.set(bytes.map((_, index) => index)));
  // 248 of 256 bytes count, four for each of the 62 characters: 124 tokens use each byte eleven times.
  for (let round = 0; round < 124; round++) {
    for (const character of everyByteInTurn()) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  assert.equal(counts.size, 62);
  assert.deepEqual(new Set(counts.values()), new Set([44]));
});

test('random bytes are read many at a time, and each is used once', () => {
  let fills = 0;
  const source = tokenSource((bytes) => bytes.fill(fills++));
  const tokens = Array.from({ length: 400 }, source);
  assert.equal(fills, 3);
  assert.equal(tokens[0], 'A'.repeat(22));
  assert.equal(tokens.at(-1), 'C'.repeat(22));
});

test('a secret is stored as its SHA-256 in base64url', () => {
  assert.equal(hashSecret('abc'), 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
});

test('any text is hashed as UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(hashSecret(text), createHash('sha256').update(text, 'utf8').digest('base64url'));
    }),
  );
});
