import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSmtpUrl } from '../../src/lib/smtp-url.ts';
import { MailConnections } from '../../src/mail/send-mail.ts';
import { startMailServer } from '../support/mail-server.ts';

test('a certificate that nobody here knows is explained to operators, without advice for programmers', async (t) => {
  const smtp = await startMailServer();
  t.after(() => smtp.close());
  const connections = new MailConnections();
  t.after(() => connections.close());
  const server = parseSmtpUrl(smtp.url);
  assert.ok(server !== undefined);
  const { taken, answer } = await connections.send(server, {
    from: { name: '', address: 'ringup@example.test' },
    to: { name: '', address: 'alice@example.test' },
    subject: 'Test',
    text: 'Test',
    html: '<p>Test</p>',
    messageId: '<1@example.test>',
    date: new Date(0),
    headers: {},
  });
  assert.equal(taken, false);
  assert.match(answer, /certificate\. Ringup does not know who issued .* NODE_EXTRA_CA_CERTS and restart/);
  assert.doesNotMatch(answer, /Node\.js|use-system-ca/);
});
