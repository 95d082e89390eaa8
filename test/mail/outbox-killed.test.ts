import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { dialectOf } from '../../src/storage/dialect.ts';
import { openTestApp } from '../support/app.ts';
import { environmentOf } from '../support/cli.ts';
import { forEachDatabase } from '../support/databases.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { selfSigned } from '../support/self-signed.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const program = new URL('../support/outbox-process.ts', import.meta.url).pathname;
const certificate = join(tempDirectory(), 'ca.pem');
writeFileSync(certificate, selfSigned.cert);

const momentWords = {
  claimed: 'after it has claimed a mail',
  within: 'while it sends a mail',
  taken: 'before the answer to a mail',
  sent: 'before it has written down that a mail was sent',
} as const;

forEachDatabase('an outbox that is killed', (makeUrl) => {
  let smtp: MailServer;
  before(async () => {
    smtp = await startMailServer();
  });
  after(() => smtp.close());

  /** Queues a mail, and lets one process after the other send it: the first is killed at this moment. */
  const killedAt = async (moment: 'claimed' | 'within' | 'taken' | 'sent') => {
    const url = await makeUrl();
    const environment = { ...environmentOf(url), RINGUP_SMTP_URL: smtp.url, RINGUP_MAIL_FROM: 'phones@example.test' };
    const setup = await openTestApp(url, environment, { startsAt: Date.now() - 5_000 });
    const account = await setup.makeAccount({ email: `${moment}.${dialectOf(url)}@example.test` });
    // The server of this test sends nothing itself: the processes do.
    await setup.app.outbox.close(AbortSignal.timeout(1));
    const queued = await setup.api('POST', `/api/accounts/${account.id}/send_provisioning_email`);
    assert.equal(queued.status, 200, queued.text);
    const rowOf = () =>
      setup.app.database.selectFrom('mails').selectAll().where('account_id', '=', account.id).executeTakeFirstOrThrow();

    const child = start(environment, moment);
    if (moment === 'within') smtp.behave('hang');
    smtp.onMail(moment === 'taken' ? () => child.kill('SIGKILL') : undefined);
    if (moment === 'within') smtp.onData(() => child.kill('SIGKILL'));
    const [, signal] = await once(child, 'exit');
    smtp.behave('take');
    smtp.onMail(undefined);
    smtp.onData(undefined);
    assert.equal(signal, 'SIGKILL');
    const { state, claimed_by: claimedBy } = await rowOf();
    assert.deepEqual([state, claimedBy === null], ['waiting', false], 'it is still claimed by the killed process');

    // What the silence of a killed process leads to, on a shared database after 15 seconds.
    await setup.app.database.updateTable('nodes').set({ seen_at: 0 }).where('boot_id', '=', claimedBy).execute();
    const second = start(environment, 'never');
    assert.deepEqual(await once(second, 'exit'), [0, null]);
    const row = await rowOf();
    const received = smtp.mails.filter(({ to }) => to.includes(account.email ?? ''));
    await setup.close();
    return { row, received };
  };

  for (const [moment, copies] of [
    ['claimed', 1],
    ['within', 1],
    ['taken', 2],
    ['sent', 2],
  ] as const) {
    test(`leaves a mail that the next process sends, if that happens ${momentWords[moment]}`, async () => {
      const { row, received } = await killedAt(moment);
      assert.deepEqual([row.state, row.claimed_by, received.length], ['sent', null, copies]);
      assert.deepEqual([...new Set(received.map(({ mail }) => mail.messageId))], [row.message_id]);
      assert.equal(new Set(received.map(({ raw }) => /https:\/\/\S+\/provisioning\/\w+/.exec(raw)?.[0])).size, 1);
    });
  }
});

function start(environment: Record<string, string | undefined>, moment: string): ChildProcess {
  return spawn(process.execPath, [program, moment], {
    env: { ...process.env, ...environment, NODE_EXTRA_CA_CERTS: certificate },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
