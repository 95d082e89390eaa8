import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { operator } from '../../src/events/actor.ts';
import { checkImport } from '../../src/importing/check-import.ts';
import { getImport } from '../../src/importing/look-at-import.ts';
import { receiveImport } from '../../src/importing/receive-import.ts';
import { writeImport } from '../../src/importing/write-import.ts';
import { openTestApp, type TestApp, testDomain } from '../support/app.ts';
import { openTerminal } from '../support/cli.ts';
import { startMailServer, trustMailServer } from '../support/mail-server.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const hour = 3_600_000;
const worker = 'of another process';
const mailed = (prefix: string, index: number) => `${prefix}${index}@example.test`;
trustMailServer();

/** Stores an import of 101 new accounts, three of which get a mail. This worker has it. */
async function receive(t: TestApp, prefix: string): Promise<number> {
  const rows = Array.from({ length: 101 }, (_, index) => `${prefix}${index},${index < 3 ? mailed(prefix, index) : ''}`);
  const content = `username,email\n${rows.join('\n')}\n`;
  const options = { onDuplicate: 'refuse', partial: false, allowAdmin: false, dryRun: false, invite: true } as const;
  const space = t.app.spaces.getByDomain(testDomain);
  return receiveImport(t.app, operator, space, { content, name: '', options, worker });
}

/** Writes the first hundred rows of an import. */
async function writeSome(t: TestApp, id: number): Promise<void> {
  const find = () => getImport(t.app, String(id));
  assert.ok(await checkImport(t.app, await find(), worker, () => false));
  let batches = 0;
  const onWritten = () => {
    batches += 1;
  };
  assert.ok(!(await writeImport(t.app, await find(), worker, { isStopping: () => batches > 0, onWritten })));
}

// One database: PostgreSQL is restored by its own programs.
test('a restore ends the imports and mails that waited in the copy, and keeps what is written', async (context) => {
  const smtp = await startMailServer();
  context.after(() => smtp.close());
  const mail = { RINGUP_SMTP_URL: smtp.url, RINGUP_MAIL_FROM: 'phones@example.test' };
  const url = join(tempDirectory(), 'ringup.sqlite');
  const t = await openTestApp(url, mail);
  smtp.behave({ refuse: 451, at: 'data' });
  const checking = await receive(t, 'unchecked');
  const running = await receive(t, 'half');
  await writeSome(t, running);
  const copy = join(tempDirectory(), 'copy.sqlite');
  const ringup = openTerminal({ RINGUP_DATA_DIR: t.app.settings.dataDir });
  await ringup(`backup ${copy}`);
  await t.close();
  const { out } = await ringup(`restore ${copy} --yes`);
  smtp.behave('take');

  const again = await openTestApp(url, mail);
  const { app } = again;
  const codes = await again.api('POST', '/api/accounts/invitations', { filter: 'waiting' });
  assert.deepEqual([codes.status, codes.json.queued], [202, 3], 'no mail waits for them');
  again.advance(hour);
  await app.imports.resumeAll();
  await app.outbox.run();
  const imports = app.database.selectFrom('imports').select(['id', 'state', 'written', 'worker']).orderBy('id');
  assert.deepEqual(await imports.execute(), [
    { id: checking, state: 'discarded', written: 0, worker: null },
    { id: running, state: 'done', written: 100, worker: null },
  ]);
  const { json } = await again.api('GET', `/api/imports/${running}`);
  assert.deepEqual([json.state, json.rows, json.create], ['done', 100, 100]);
  const names = await app.database.selectFrom('accounts').select('username').where('username', 'like', '%9').execute();
  assert.equal(names.length, 10, 'no further row was written');
  const recipients = (await smtp.received(3)).flatMap(({ to }) => to).sort();
  const expected = [0, 1, 2].map((index) => mailed('half', index));
  assert.deepEqual(recipients, expected, 'only what was queued after the restore');
  assert.match(out, /Ended in the copy: .*, 2 unfinished imports, 3 waiting mails\./);
  await again.close();
});
