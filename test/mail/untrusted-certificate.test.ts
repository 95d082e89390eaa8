import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSmtpUrl } from '../../src/lib/smtp-url.ts';
import { MailConnections } from '../../src/mail/send-mail.ts';
import { startMailServer } from '../support/mail-server.ts';
import { untrusted } from '../support/self-signed.ts';

test('a certificate that is not trusted is a reason of failure, with the words of the library', async (t) => {
  const smtp = await startMailServer(untrusted);
  t.after(() => smtp.close());
  const connections = new MailConnections();
  t.after(() => connections.close());
  const server = parseSmtpUrl(smtp.url);
  assert.ok(server !== undefined);
  const { taken, answer, reason } = await connections.send(server, {
    from: { name: '', address: 'ringup@example.test' },
    to: { name: '', address: 'alice@example.test' },
    subject: 'Test',
    text: 'Test',
    html: '<p>Test</p>',
    messageId: '<1@example.test>',
    date: new Date(0),
    headers: {},
  });
  assert.deepEqual([taken, reason], [false, 'untrusted-certificate']);
  assert.equal(answer, 'self-signed certificate', 'without advice for programmers');
});
