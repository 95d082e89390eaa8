import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/errors.ts';
import { operator } from '../../src/events/actor.ts';
import { ImportRunner } from '../../src/importing/import-runner.ts';
import { openTestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

const options = { onDuplicate: 'refuse', partial: false, allowAdmin: false, dryRun: false, invite: false } as const;

forEachDatabase('an import that fails while it writes row by row', (makeUrl) => {
  test('has reported the rows that are in, with their passwords', async (context) => {
    const t = await openTestApp(await makeUrl());
    context.after(() => t.close());
    let made = 0;
    const make = () => {
      made += 1;
      // The third row refuses the batch of three, and then finds no database when it is alone.
      if (made === 3) throw new AppError('conflict', { why: 'account-blocked' });
      if (made === 6) throw new AppError('database-unavailable', { why: 'no-answer' });
      return t.app.codes.make();
    };
    const runner = new ImportRunner({ ...t.app, codes: { ...t.app.codes, make } }, () => {});
    const reported: unknown[] = [];
    const file = { content: 'username\nida\nmax\nzoe\n', name: '', options };
    const { ended } = await runner.start(operator, t.app.spaces.first, file, (rows) => {
      for (const { row, password } of rows) reported.push([row.fields?.username, typeof password]);
    });
    await assert.rejects(ended, { code: 'database-unavailable' });
    assert.deepEqual(reported, [
      ['ida', 'string'],
      ['max', 'string'],
    ]);
    const accounts = await t.app.database.selectFrom('accounts').select('username').orderBy('username').execute();
    assert.deepEqual(
      accounts.map(({ username }) => username).filter((each) => each !== 'admin'),
      ['ida', 'max'],
    );
  });
});
