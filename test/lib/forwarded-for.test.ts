import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { directSender, senderOf as senderThrough, trusting } from '../../src/lib/forwarded-for.ts';

const proxy = '10.0.0.1';
const isTrusted = trusting([proxy, '10.1.0.0/16', '2001:db8:1::/48', '127.0.0.1']);

const senderOf = (peer: string, forwardedFor: string | undefined, trusted: (address: string) => boolean) =>
  senderThrough(directSender(peer, trusted), forwardedFor, trusted);

describe('the address of a client', () => {
  for (const [forwardedFor, address] of [
    ['203.0.113.5', '203.0.113.5'],
    ['203.0.113.5:4711', '203.0.113.5'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:99', '2001:db8::1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['::ffff:203.0.113.5', '203.0.113.5'],
    ['[::ffff:203.0.113.5]:4711', '203.0.113.5'],
    ['198.51.100.7, 203.0.113.5', '203.0.113.5'],
    ['  203.0.113.5  ', '203.0.113.5'],
    ['203.0.113.5,10.1.2.3', '203.0.113.5'],
    ['203.0.113.5:1, 10.1.2.3:2', '203.0.113.5'],
    ['203.0.113.5, 2001:db8:1::7', '203.0.113.5'],
    ['10.1.2.3', '10.1.2.3'],
    ['unknown, 203.0.113.5', '203.0.113.5'],
  ] as const) {
    test(`is ${address} if a trusted proxy sends ${JSON.stringify(forwardedFor)}`, () => {
      assert.deepEqual(senderOf(proxy, forwardedFor, isTrusted), { address, throughProxy: true, named: true });
    });
  }

  for (const forwardedFor of [
    undefined,
    '',
    'unknown',
    '_hidden',
    '203.0.113.5, unknown',
    '203.0.113.5,',
    '203.0.113.5 4711',
    '203.0.113.5:port',
    '203.0.113.5:',
    '[203.0.113.5]:4711',
    '[2001:db8::1',
    '2001:db8::1]:99',
    '1.2.3',
    '0x7f.1',
    '"203.0.113.5"',
    '<script>',
  ]) {
    test(`is that of the proxy if it sends ${JSON.stringify(forwardedFor)}`, () => {
      assert.deepEqual(senderOf(proxy, forwardedFor, isTrusted), { address: proxy, throughProxy: true, named: false });
    });
  }

  test('is the last one before text that is not an address', () => {
    assert.equal(senderOf(proxy, '203.0.113.5, unknown, 10.1.2.3', isTrusted).address, '10.1.2.3');
  });

  test('is that of the connection if it comes from no trusted proxy, whatever the header says', () => {
    for (const peer of ['192.0.2.9', '10.2.0.1', '2001:db8:2::1', '::ffff:192.0.2.9']) {
      const sender = senderOf(peer, '203.0.113.5', isTrusted);
      assert.deepEqual(sender, { address: peer.replace('::ffff:', ''), throughProxy: false, named: false });
    }
    const nobody = { address: proxy, throughProxy: false, named: false };
    assert.deepEqual(senderOf(proxy, '203.0.113.5', trusting([])), nobody);
  });

  test('is found behind a proxy on IPv4 whose connection reaches a listener on ::', () => {
    const named = { address: '203.0.113.5', throughProxy: true, named: true };
    assert.deepEqual(senderOf('::ffff:127.0.0.1', '203.0.113.5', isTrusted), named);
    assert.deepEqual(senderOf('::ffff:10.1.2.3', '203.0.113.5', isTrusted), named);
    assert.deepEqual(senderOf('10.1.2.3', '203.0.113.5', trusting(['::ffff:10.1.0.0/112'])), named);
    assert.deepEqual(senderOf('127.0.0.1', '203.0.113.5', trusting(['::ffff:127.0.0.1'])), named);
  });

  test('is empty if the connection has closed', () => {
    assert.deepEqual(senderOf('', '203.0.113.5', isTrusted), { address: '', throughProxy: false, named: false });
  });
});
