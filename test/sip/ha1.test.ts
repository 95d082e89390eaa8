import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { algorithms, computeHa1, isAlgorithm } from '../../src/sip/ha1.ts';

describe('HA1', () => {
  test('is the hash of user name, realm and password', () => {
    // The examples of RFC 7616 section 3.9.1, hashed with coreutils.
    assert.equal(
      computeHa1('SHA-256', 'Mufasa', 'http-auth@example.org', 'Circle of Life'),
      '7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232',
    );
    assert.equal(
      computeHa1('MD5', 'Mufasa', 'http-auth@example.org', 'Circle of Life'),
      '3d78807defe7de2157e2b0b6573a855f',
    );
  });

  test('an HA1 is the hash of the name, realm and password in UTF-8', () => {
    assert.equal(computeHa1('MD5', 'zoé', 'Zürich', '🔑'), '5bd202a7f2060d784c1983132eed0a28');
  });

  test('supports exactly SHA-256 and MD5, in this order', () => {
    assert.deepEqual(algorithms, ['SHA-256', 'MD5']);
    assert.ok(algorithms.every(isAlgorithm));
    for (const other of ['sha-256', 'SHA256', 'SHA-512-256', 'MD5-sess', '', 'constructor', undefined, null, 1]) {
      assert.equal(isAlgorithm(other), false, String(other));
    }
  });
});
