import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { suspiciousLines } from './log-secrets.ts';

for (const [what, text] of [
  ['a token', '"path":"/provisioning/8kq3ZxVd0PbW7mJ2sRt5Yc"'],
  ['an MD5 HA1', `"x":"${computeHa1('MD5', 'a', 'b', 'c')}"`],
  ['a SHA-256 HA1', `ha1=${computeHa1('SHA-256', 'a', 'b', 'c')}`],
  ['the address of a device', 'GET /provisioning/me?device=a1'],
  ['a device key by its name', '{"x-device-key":"x"}'],
  ['an Authorization header', 'Digest username="alice", realm="x"'],
  ['a header by its name', '{"headers":{"Authorization": "Bearer x"}}'],
  ['a password by its name', '{"body":{"password":"secret"}}'],
  ['the password of a database', 'postgres://ringup:secret@localhost/ringup'],
] as const) {
  test(`${what} in a log is noticed`, () => assert.deepEqual(suspiciousLines(`fine\n${text}\nfine`), [text]));
}

test('an ordinary line contains no secret', () => {
  const lines = [
    '{"level":"info","time":"2026-11-23T18:40:48.000Z","request":"req-1a","path":"/provisioning/:token","status":200}',
    'at async processTicksAndRejections (node:internal/process/task_queues:104:5)',
    `boot ${crypto.randomUUID()}`,
    randomBytes(20).toString('hex'),
    'the password of account 7 was changed',
  ];
  assert.deepEqual(suspiciousLines(lines.join('\n')), []);
});
