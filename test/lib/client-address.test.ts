import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isPublicAddress, sameClientNetwork } from '../../src/lib/client-address.ts';

describe('the same client', () => {
  for (const [a, b] of [
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1', '::ffff:192.0.2.1'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['0:0:0:0:0:FFFF:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
    ['2001:DB8:1:2::1', '2001:0db8:0001:0002::'],
    ['2001:db8::', '2001:db8:0:0:1::1'],
    ['::1', '::2'],
    ['fe80::1%eth0', 'fe80::2'],
    ['64:ff9b::192.0.2.1', '64:ff9b::198.51.100.7'],
  ] as const) {
    test(`${a} and ${b} are the same client`, () => {
      assert.equal(sameClientNetwork(a, b), true);
      assert.equal(sameClientNetwork(b, a), true);
    });
  }
});

describe('another client', () => {
  for (const [a, b] of [
    ['192.0.2.1', '192.0.2.2'],
    ['192.0.2.1', '::ffff:192.0.2.2'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.2'],
    ['192.0.2.1', '::192.0.2.1'],
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['2001:db8:1:2::1', '2002:db8:1:2::1'],
    ['::1', '::ffff:0.0.0.1'],
    ['', ''],
    ['unknown', 'unknown'],
    ['192.0.2.1:80', '192.0.2.1:80'],
    ['192.0.2', '192.0.2'],
    ['[::1]', '[::1]'],
    ['192.0.2.1', '192.0.513'],
    ['192.0.2.1', '3221225985'],
    ['192.0.2.1', '0xc0.0.2.1'],
    ['192.0.2.1', '0300.0.2.1'],
    ['10.0.0.1', '010.0.0.1'],
    ['10.0.0.1', '::ffff:010.0.0.1'],
    ['192.0.2.1 ', '192.0.2.1 '],
  ] as const) {
    test(`${JSON.stringify(a)} and ${JSON.stringify(b)} are different clients`, () => {
      assert.equal(sameClientNetwork(a, b), false);
      assert.equal(sameClientNetwork(b, a), false);
    });
  }
});

test('two IPv6 addresses are the same client if their first halves are equal, however they are written', () => {
  const half = fc.array(fc.integer({ min: 1, max: 0xffff }), { minLength: 4, maxLength: 4 });
  const write = (groups: number[]) => groups.map((group) => group.toString(16)).join(':');
  fc.assert(
    fc.property(half, half, half, (network, one, other) => {
      const a = write([...network, ...one]);
      assert.equal(sameClientNetwork(a, write([...network, ...other]).toUpperCase()), true);
      assert.equal(sameClientNetwork(a, `${write(network)}::`), true);
      assert.equal(sameClientNetwork(a, write([...other, ...one])), write(network) === write(other));
    }),
  );
});

describe('an address to which a name may lead', () => {
  for (const address of ['9.9.9.9', '193.0.14.129', '::ffff:9.9.9.9', '2001:4860:4860::8888', '2a00:1450::1']) {
    test(`${address} is public`, () => assert.equal(isPublicAddress(address), true));
  }
  for (const address of [
    ...['127.0.0.1', '127.1', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '0'],
    ...['224.0.0.1', '255.255.255.255', '192.0.2.1', '198.18.0.1', '240.0.0.1', '192.0.0.8', '', 'localhost'],
    ...['::1', '::', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::127.0.0.1', '::7f00:1', 'fe80::1', 'fe80::1%eth0'],
    ...[
      'fc00::1',
      'fd12::1',
      'fec0::1',
      'ff02::1',
      '64:ff9b::a00:1',
      '2002:7f00:1::',
      '2001::1',
      '2001:db8::1',
      '100::1',
    ],
  ]) {
    test(`${address} is not public`, () => assert.equal(isPublicAddress(address), false));
  }
});
