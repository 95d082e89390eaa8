import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codesOf } from '../../src/tokens/codes.ts';

const secret = 'a secret of an instance, long enough';

test('a code follows from its salt and the secret of the instance', () => {
  const { salt, token } = codesOf(secret).make();
  assert.equal(codesOf(secret).tokenOf(salt), token);
  assert.notEqual(codesOf(`${secret}!`).tokenOf(salt), token);
});

test('a code has 28 letters and digits, of which 22 are secret', () => {
  const codes = codesOf(secret);
  const made = Array.from({ length: 500 }, () => codes.make());
  for (const { token } of made) assert.match(token, /^[A-Za-z0-9]{28}$/);
  assert.equal(new Set(made.map(({ token }) => token)).size, 500);
  assert.equal(new Set(made.map(({ salt }) => salt)).size, 500);
});

test('neither salt nor shown characters give the rest of a code away', () => {
  const codes = codesOf(secret);
  for (let count = 0; count < 100; count += 1) {
    const { salt, token } = codes.make();
    assert.ok(!token.includes(salt.slice(0, 6)));
    assert.ok(!salt.includes(token.slice(6, 12)));
  }
});
