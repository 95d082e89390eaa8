import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Nonces } from '../../src/access/digest-nonces.ts';
import { headerText } from '../../src/lib/header-text.ts';
import { dummyHa1, expectedResponse, uriMatches, verifyResponse } from '../../src/sip/digest.ts';
import { challengeHeaders, type DigestCredentials, parseDigestCredentials } from '../../src/sip/digest-header.ts';
import { algorithms, computeHa1 } from '../../src/sip/ha1.ts';
import { answerChallenge } from '../support/digest-client.ts';

/** The two examples of RFC 7616 section 3.9.1, as printed there. */
const rfcExamples = {
  'SHA-256': '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
  MD5: '8ca523f5e9506fed4657c9700eebdbec',
} as const;
const rfcCnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const rfcNonce = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
const rfcRealm = 'http-auth@example.org';

/** The credentials in a header, which must be right. */
function read(header: string): DigestCredentials {
  const credentials = parseDigestCredentials(headerText(header));
  assert.ok(credentials, header);
  return credentials;
}

describe('the response', () => {
  for (const algorithm of algorithms) {
    const credentials = read(
      [
        'Digest username="Mufasa"',
        `realm="${rfcRealm}"`,
        'uri="/dir/index.html"',
        `algorithm=${algorithm}`,
        `nonce="${rfcNonce}"`,
        'nc=00000001',
        `cnonce="${rfcCnonce}"`,
        'qop=auth',
        `response="${rfcExamples[algorithm]}"`,
        'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
      ].join(', '),
    );
    const ha1 = computeHa1(algorithm, 'Mufasa', rfcRealm, 'Circle of Life');

    test(`is the one of the ${algorithm} example in RFC 7616`, () => {
      assert.equal(expectedResponse(ha1, credentials, 'GET'), rfcExamples[algorithm]);
      assert.equal(verifyResponse(ha1, credentials, 'GET'), true);
    });

    const changes: readonly [title: string, change: Partial<DigestCredentials>][] = [
      ['nonce', { nonce: 'other' }],
      ['uri', { uri: '/dir/other.html' }],
      ['letter case of the uri', { uri: '/dir/Index.html' }],
      ['nc', { nc: 2 }],
      ['cnonce', { cnonce: 'other' }],
      ['response', { response: rfcExamples[algorithm].replace(/.$/, '0') }],
      ['length of the response', { response: rfcExamples[algorithm].slice(1) }],
      ['response, now empty', { response: '' }],
      ['response, now beyond ASCII', { response: 'é'.repeat(rfcExamples[algorithm].length) }],
      ['algorithm', { algorithm: algorithm === 'MD5' ? 'SHA-256' : 'MD5' }],
    ];
    for (const [title, change] of changes) {
      test(`is wrong for ${algorithm} after a change of the ${title}`, () => {
        assert.equal(verifyResponse(ha1, { ...credentials, ...change }, 'GET'), false);
      });
    }

    test(`is wrong for ${algorithm} with another method or password, or with an HA1 of an unknown user`, () => {
      assert.equal(verifyResponse(ha1, credentials, 'POST'), false);
      assert.equal(verifyResponse(computeHa1(algorithm, 'Mufasa', rfcRealm, 'Hakuna'), credentials, 'GET'), false);
      assert.equal(verifyResponse(dummyHa1[algorithm], credentials, 'GET'), false);
      assert.equal(verifyResponse('', credentials, 'GET'), false);
    });

    test(`is compared with a stand-in HA1 in the form of ${algorithm} for unknown users`, () => {
      assert.match(dummyHa1[algorithm], /^[0-9a-f]+$/);
      assert.equal(dummyHa1[algorithm].length, ha1.length);
    });
  }
});

describe('a client written from the RFC', () => {
  test('gives the responses of its examples', () => {
    for (const algorithm of algorithms) {
      const challenge = `Digest realm="${rfcRealm}", qop="auth, auth-int", algorithm=${algorithm}, nonce="${rfcNonce}"`;
      const header = answerChallenge([challenge], {
        ...{ username: 'Mufasa', password: 'Circle of Life', method: 'GET', uri: '/dir/index.html', cnonce: rfcCnonce },
      });
      assert.ok(header.includes(`response="${rfcExamples[algorithm]}"`), header);
    }
  });

  test('answers the first challenge, or the one that it is told to answer', () => {
    const challenges = challengeHeaders(['SHA-256', 'MD5'], { realm: 'r', nonce: 'n', stale: false });
    const answer = { username: 'alice', password: 'secret', method: 'GET', uri: '/' };
    assert.equal(read(answerChallenge(challenges, answer)).algorithm, 'SHA-256');
    assert.equal(read(answerChallenge(challenges, { ...answer, algorithm: 'MD5' })).algorithm, 'MD5');
  });

  test('is accepted with any line separators in its name', () => {
    const challenges = challengeHeaders(['MD5'], { realm: 'r', nonce: 'n', stale: false });
    const answer = { username: 'a\u2028\\\u2029', password: 'secret', method: 'GET', uri: '/' };
    assert.equal(read(answerChallenge(challenges, answer)).username, answer.username);
  });

  test('is accepted with the password or the HA1, but not with a wrong one, whatever the names are', () => {
    const nonces = new Nonces({ secret: 'secret', bootId: 'boot', now: () => 0 });
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => !/\p{Cc}/u.test(value));
    const nc = fc.integer({ min: 1, max: 0xffffffff });
    fc.assert(
      fc.property(fc.constantFrom(...algorithms), text, text, fc.string(), text, nc, (algorithm, ...values) => {
        const [username, realm, password, cnonce, nc] = values;
        const challenges = challengeHeaders([algorithm], { realm, nonce: nonces.issue(), stale: false });
        const request = { username, method: 'GET', uri: '/provisioning/me?a=%2F', cnonce, nc };
        const ha1 = computeHa1(algorithm, username, realm, password);

        for (const known of [{ password }, { ha1 }]) {
          const credentials = read(answerChallenge(challenges, { ...request, ...known }));
          assert.deepEqual([credentials.username, credentials.realm, credentials.nc], [username, realm, nc]);
          assert.equal(nonces.check(credentials.nonce), 'fresh');
          assert.equal(verifyResponse(ha1, credentials, 'GET'), true);
        }
        const wrong = read(answerChallenge(challenges, { ...request, password: `${password}x` }));
        assert.equal(verifyResponse(ha1, wrong, 'GET'), false);
      }),
    );
  });
});

describe('the uri of the credentials', () => {
  type Case = readonly [digestUri: string, requestTarget: string, pathPrefix: string];

  const matching: readonly Case[] = [
    ['/provisioning/me', '/provisioning/me', ''],
    ['/provisioning/me?a=b', '/provisioning/me?a=b', ''],
    ['/provisioning/me', '/provisioning/me', '/phones'],
    ['/phones/provisioning/me', '/provisioning/me', '/phones'],
    ['/phones/provisioning/me', '/provisioning/me', '/phones/'],
    ['/phones/provisioning/me', '/phones/provisioning/me', '/phones'],
    ['/provisioning/me', '/phones/provisioning/me', '/phones'],
    ['/provisioning/provisioning/me', '/provisioning/me', '/provisioning'],
    ['/t%c3%a9l/provisioning/me', '/provisioning/me', '/t%C3%A9l'],
    ['/contacts/vcard/sip%3aa%40b', '/contacts/vcard/sip%3Aa%40b', ''],
    ['/contacts/vcard?a=%2f', '/contacts/vcard?a=%2F', ''],
    ['/contacts/vcard/%61lice', '/contacts/vcard/alice', ''],
    ['/a%7eb%2Dc', '/a~b-c', ''],
    ['http://example.com/provisioning/me?a=b', '/provisioning/me?a=b', ''],
    ['HTTPS://example.com:8443/phones/provisioning/me', '/provisioning/me', '/phones'],
    ['/provisioning/me', 'http://example.com/provisioning/me', ''],
    ['http://example.com', '/', ''],
    ['http://example.com?a', '/?a', ''],
  ];
  for (const [digestUri, requestTarget, pathPrefix] of matching) {
    test(`${digestUri} matches ${requestTarget} under the prefix "${pathPrefix}"`, () => {
      assert.equal(
        uriMatches(digestUri, requestTarget, pathPrefix, () => ['example.com:8080']),
        true,
      );
    });
  }

  const different: readonly Case[] = [
    ['/provisioning/me', '/api/accounts/me', ''],
    ['/provisioning/me', '/provisioning/me?a=b', ''],
    ['/provisioning/me?a=b', '/provisioning/me', ''],
    ['/provisioning/me?a=b&c=d', '/provisioning/me?c=d&a=b', ''],
    ['/provisioning/me', '/provisioning/me/', ''],
    ['/provisioning/ME', '/provisioning/me', ''],
    ['/provisioning%2Fme', '/provisioning/me', ''],
    ['/provisioning/me%3Fa', '/provisioning/me?a', ''],
    ['/a?b=%2B', '/a?b=+', ''],
    ['/a?b=%26c', '/a?b=&c', ''],
    ['/%2561', '/a', ''],
    ['/%2561', '/%61', ''],
    ['/other/provisioning/me', '/provisioning/me', '/phones'],
    ['/phones/phones/provisioning/me', '/provisioning/me', '/phones'],
    ['/phonesprovisioning/me', '/provisioning/me', '/phones'],
    ['provisioning/me', '/provisioning/me', ''],
    ['//example.com/provisioning/me', '/provisioning/me', ''],
    ['ftp://example.com/provisioning/me', '/provisioning/me', ''],
    ['http://example.com/provisioning/me', '/api/accounts/me', ''],
    ['http://other.example/provisioning/me', '/provisioning/me', ''],
    ['https://example.com.other.example/provisioning/me', '/provisioning/me', ''],
    ['https://alice@example.com/provisioning/me', '/provisioning/me', ''],
    ['*', '/', ''],
    ['', '/', ''],
    ['?a', '/?a', ''],
  ];
  for (const [digestUri, requestTarget, pathPrefix] of different) {
    test(`${digestUri} does not match ${requestTarget} under the prefix "${pathPrefix}"`, () => {
      assert.equal(
        uriMatches(digestUri, requestTarget, pathPrefix, () => ['example.com:8080']),
        false,
      );
    });
  }

  test('is compared without an exception, whatever it is', () => {
    const uri = fc.oneof(
      fc.webUrl(),
      fc.string(),
      fc.array(fc.constantFrom('%', '%2', '/', '?', 'a')).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(uri, uri, uri, (digestUri, target, prefix) => {
        assert.equal(typeof uriMatches(digestUri, target, prefix, () => [prefix]), 'boolean');
        assert.equal(
          uriMatches(digestUri, digestUri, prefix, () => []),
          true,
        );
      }),
    );
  });
});
