import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type AppBehindProxy, openAppBehindProxy } from '../support/app-behind-proxy.ts';
import { type MailServer, startMailServer, trustMailServer } from '../support/mail-server.ts';
import { hasPostgres } from '../support/postgres.ts';
import { waitUntil } from '../support/wait-until.ts';

trustMailServer();

// One database: SQLite answers within the process.
describe('a mail whose claim PostgreSQL does not confirm', { skip: !hasPostgres() }, () => {
  let smtp: MailServer;
  let behind: AppBehindProxy;
  before(async () => {
    smtp = await startMailServer();
    behind = await openAppBehindProxy({ RINGUP_SMTP_URL: smtp.url, RINGUP_MAIL_FROM: 'phones@example.test' });
  });
  after(async () => {
    await behind.stop();
    await smtp.close();
  });

  test('is claimed again by the same process, and sent once', async () => {
    const { t, proxy } = behind;
    const account = await t.makeAccount({ email: 'alice@example.test' });
    const rowOf = () =>
      t.app.database.selectFrom('mails').selectAll().where('account_id', '=', account.id).executeTakeFirstOrThrow();
    // Its failures are those of the job too.
    const run = () => t.app.outbox.run().catch(() => {});
    proxy.cutAnswersTo('update "mails" set "claimed_by"');
    const queued = await t.api('POST', `/api/accounts/${account.id}/send_provisioning_email`);
    assert.equal(queued.status, 200, queued.text);
    assert.ok(await waitUntil(() => run().then(() => proxy.unanswered() > 0)));
    const { state, claimed_by: claimedBy } = await rowOf();
    assert.deepEqual([state, claimedBy, smtp.mails.length], ['waiting', t.app.bootId, 0]);
    proxy.heal();
    assert.ok(await waitUntil(() => run().then(async () => (await rowOf()).state === 'sent')), 'it stays claimed');
    const { claimed_by: heldBy } = await rowOf();
    assert.deepEqual([heldBy, smtp.mails.length], [null, 1]);
  });
});
