import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Complaint, complaintSentence } from '../../src/errors/complaints.ts';
import { checkDomain, checkRegistrar, parseSipUri } from '../../src/sip/sip-uri.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const almostUri = fc.string({
  unit: fc.constantFrom(...'sip: SIPS: a @ % %41 %00 ; = ? : [ ::1 ] . 5060 é'.split(' ')),
  maxLength: 10,
});

function told(complaint: Complaint | undefined): string {
  return complaint === undefined ? '' : complaintSentence(complaint);
}

describe('a SIP domain', () => {
  const longest = `${'a.'.repeat(125)}abc`;
  for (const domain of [
    'sip.example.com',
    'localhost',
    'xn--bcher-kva.example',
    'a-1.2b.c3',
    '192.0.2.1',
    '[2001:db8::1]',
    longest,
  ]) {
    test(`may be ${domain.slice(0, 30)}`, () => {
      assert.equal(checkDomain(domain), undefined);
    });
  }

  for (const [domain, expected] of [
    ['', /^is empty$/],
    [`a${longest}`, /not have more than 253 characters/],
    ['Sip.example.com', /lower case/],
    ['bücher.example', /ASCII characters, here xn--bcher-kva\.example$/],
    ['foo bar', /only letters, digits, dots and hyphens$/],
    ['bücher bar', /only letters, digits, dots and hyphens$/],
    ['a\n', /only letters, digits, dots and hyphens$/],
    ['2001:db8::1', /brackets around an IPv6 address: \[2001:db8::1\]/],
    ['[2001:db8::g]', /not an IPv6/],
    ['[fe80::1%eth0]', /not an IPv6/],
    ['[192.0.2.1]', /not an IPv6/],
    ['sip:sip.example.com', /bare domain/],
    ['alice@sip.example.com', /bare domain/],
    ['sip.example.com:5060', /bare domain/],
    ['sip.example.com;transport=tls', /bare domain/],
    ['sip.example.com.', /neither/],
    ['1.2.3.256', /neither/],
    ['1.2.3', /neither/],
    ['a..b', /not a domain name/],
    ['.a', /not a domain name/],
    ['-a.b', /not a domain name/],
    ['a-.b', /not a domain name/],
    ['a_b.c', /only letters, digits, dots and hyphens$/],
    [`${'a'.repeat(64)}.b`, /not a domain name/],
  ] as const) {
    test(`cannot be ${JSON.stringify(domain.slice(0, 30))}`, () => {
      assert.match(told(checkDomain(domain)), expected);
    });
  }
});

describe('a registrar', () => {
  for (const uri of [
    'sip:sip.example.com',
    'sip:sip.example.com;transport=tls',
    'sip:SIP.example.com:5061;transport=TLS',
    'sip:192.0.2.1:5060;transport=udp',
    'sip:[2001:db8::1]:5060;transport=tcp',
  ]) {
    test(`may be ${uri}`, () => {
      assert.equal(checkRegistrar(uri), undefined);
      assert.equal(parseSipUri(uri)?.user, null);
    });
  }

  for (const [uri, expected] of [
    ['', /^is empty$/],
    ['sip.example.com', /must begin with "sip:", here sip:sip\.example\.com$/],
    ['sip.example.com:99999', /port from 1 to 65535/],
    ['sip server', /must begin with "sip:", for example /],
    ['tls://sip.example.com', /must begin with "sip:"/],
    ['sips:sip.example.com', /transport=tls/],
    ['<sip:sip.example.com;transport=tls>', /without angle brackets/],
    ['sip:alice@sip.example.com', /without a user/],
    ['sip:', /invalid host: it is empty/],
    ['sip:;transport=tls', /invalid host: it is empty/],
    ['sip:2001:db8::1', /invalid host: it must have brackets/],
    ['sip:a b', /invalid host/],
    ['sip:sip.example.com\n', /invalid host/],
    ['sip:sip.example.com?x=y', /invalid host/],
    ['sip:sip.example.com:', /port from 1 to 65535/],
    ['sip:sip.example.com:0', /port from 1 to 65535/],
    ['sip:sip.example.com:65536', /port from 1 to 65535/],
    ['sip:sip.example.com:tls', /port from 1 to 65535/],
    ['sip:sip.example.com;', /only one parameter/],
    ['sip:sip.example.com;lr', /only one parameter/],
    ['sip:sip.example.com;transport=ws', /only one parameter/],
    ['sip:sip.example.com;transport=tls;transport=tls', /only one parameter/],
    ['sip:sip.example.com;transport=tls\n', /only one parameter/],
  ] as const) {
    test(`cannot be ${JSON.stringify(uri)}`, () => {
      assert.match(told(checkRegistrar(uri)), expected);
    });
  }

  test('is a SIP URI without a user if it is accepted', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          almostUri,
          almostUri.map((text) => `sip:${text}`),
        ),
        (text) => {
          if (checkRegistrar(text) === undefined) assert.equal(parseSipUri(text)?.user, null);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
