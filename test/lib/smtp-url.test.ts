import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { composeSmtpUrl, parseSmtpUrl } from '../../src/lib/smtp-url.ts';

const nobody = { user: null, password: null };

describe('the address of a mail server', () => {
  for (const [text, server] of [
    ['smtp://mail.example.com', { host: 'mail.example.com', port: 587, security: 'starttls', ...nobody }],
    ['smtps://mail.example.com', { host: 'mail.example.com', port: 465, security: 'tls', ...nobody }],
    ['smtp://localhost:25/?tls=optional', { host: 'localhost', port: 25, security: 'optional', ...nobody }],
    ['smtp://[::1]:2525', { host: '::1', port: 2525, security: 'starttls', ...nobody }],
    [
      'smtps://ringup%40example.com:s%2Fe%3Fcret@mail.example.com:8465',
      {
        host: 'mail.example.com',
        port: 8465,
        security: 'tls',
        user: 'ringup@example.com',
        password: 's/e?cret',
      },
    ],
  ] as const) {
    test(`${text} is accepted`, () => assert.deepEqual(parseSmtpUrl(text), server));
  }

  for (const text of [
    '',
    'mail.example.com:587',
    'http://mail.example.com',
    'smtp://',
    'smtp://mail.example.com/path',
    'smtp://mail.example.com?tls=never',
    'smtp://mail.example.com?pool=true',
    'smtps://mail.example.com?tls=optional',
    'smtp://mail.example.com#fragment',
    'smtp://:secret@mail.example.com',
    'smtp://user:%0d%0aQUIT@mail.example.com',
    'smtp://user:%zz@mail.example.com',
    'smtp://mail.example.com:0',
    'smtp://mail.example.com:65536',
  ]) {
    test(`${JSON.stringify(text)} is refused`, () => assert.equal(parseSmtpUrl(text), undefined));
  }

  test('is composed of its parts and read again, whatever a password contains', () => {
    for (const security of ['tls', 'starttls', 'optional'] as const) {
      for (const host of ['mail.example.com', '::1']) {
        const server = { host, port: 587, security, user: 'a@b', password: 'p:@/?#% é' };
        assert.deepEqual(parseSmtpUrl(composeSmtpUrl(server)), server);
        assert.deepEqual(parseSmtpUrl(composeSmtpUrl({ ...server, ...nobody })), { ...server, ...nobody });
      }
    }
  });
});
