import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { KyselyPlugin } from 'kysely';
import { jobsOf } from '../../src/jobs/jobs.ts';
import type { Database } from '../../src/storage/database.ts';
import { openTestApp, type TestApp, testDomain } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

const day = 86_400_000;
const minute = 60_000;
const many = Array.from({ length: 1_200 }, (_, index) => index);
/** SQLite takes a bounded number of values in one statement. */
const hundreds = Array.from({ length: 12 }, (_, index) => many.slice(index * 100, index * 100 + 100));

forEachDatabase('the jobs that delete', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  /** Runs a job. Returns the highest number of rows that one of its statements deleted or changed. */
  const run = async (name: string, signal = new AbortController().signal): Promise<number> => {
    let most = 0;
    const counting: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        most = Math.max(most, Number(result.numAffectedRows ?? 0));
        return result;
      },
    };
    const database = t.app.database.withPlugin(counting) as Database;
    await jobsOf({ ...t.app, database })
      .find((job) => job.name === name)
      ?.run(signal);
    return most;
  };

  interface Ends {
    readonly kind?: string;
    readonly expires_at?: number | null;
    readonly claimed_at?: number;
    readonly revoked_at?: number;
  }
  const insertTokens = (prefix: string, indexes: readonly number[], ends: Ends) =>
    t.app.database
      .insertInto('tokens')
      .values(
        indexes.map((index) => ({ kind: 'provisioning', token_hash: `${prefix}${index}`, created_at: 0, ...ends })),
      )
      .execute();
  const tokens = async () => {
    const rows = await t.app.database.selectFrom('tokens').select('token_hash').orderBy('id').execute();
    return rows.map(({ token_hash }) => token_hash);
  };

  test('tokens delete a few hundred at once, also behind many that stay', async () => {
    const now = t.app.now();
    for (const indexes of hundreds) await insertTokens('open', indexes, { expires_at: null });
    for (const indexes of hundreds) await insertTokens('old', indexes, { claimed_at: now - 91 * day });
    assert.ok((await run('deleting ended tokens')) <= 500);
    const left = await tokens();
    assert.deepEqual([left.length, left.filter((name) => name.startsWith('old'))], [1_200, []]);
    await t.app.database.deleteFrom('tokens').execute();
  });

  test('tokens keep a code for 90 days after its end, and a used sign-in for as long as it may be repeated', async () => {
    const now = t.app.now();
    const cases: Record<string, [stays: boolean, ends: Ends]> = {
      open: [true, { expires_at: now + 1 }],
      used: [true, { claimed_at: now - 89 * day }],
      'used long ago': [false, { claimed_at: now - 91 * day, expires_at: now + day }],
      expired: [true, { expires_at: now - 89 * day }],
      'expired long ago': [false, { expires_at: now - 91 * day }],
      revoked: [true, { revoked_at: now - 89 * day, expires_at: null }],
      'revoked long ago': [false, { revoked_at: now - 91 * day, expires_at: null }],
      'open sign-in': [true, { kind: 'auth', expires_at: now + 1 }],
      'expired sign-in': [false, { kind: 'auth', expires_at: now }],
      'sign-in used lately': [true, { kind: 'auth', expires_at: now, claimed_at: now - 14 * minute }],
      'used sign-in': [false, { kind: 'auth', expires_at: now, claimed_at: now - 15 * minute }],
      'expired link': [false, { kind: 'setup', expires_at: now }],
    };
    for (const [name, [, ends]] of Object.entries(cases)) await insertTokens(name, [0], ends);
    await run('deleting ended tokens');
    const kept = Object.keys(cases).filter((name) => cases[name]?.[0]);
    assert.deepEqual(
      await tokens(),
      kept.map((name) => `${name}0`),
    );
  });

  test('mails delete a few hundred at once', async () => {
    const { id: accountId, spaceId } = await t.makeAccount();
    const insert = (indexes: readonly number[], queuedAt: number, claimedBy: string | null = null) =>
      t.app.database
        .insertInto('mails')
        .values(
          indexes.map((index) => ({
            kind: 'invitation',
            account_id: accountId,
            space_id: spaceId,
            recipient: 'someone@example.test',
            message_id: `${index}`,
            queued_at: queuedAt,
            batch: queuedAt,
            state: 'sent',
            attempts: 1,
            next_at: queuedAt,
            claimed_by: claimedBy,
          })),
        )
        .execute();
    const now = t.app.now();
    await insert([0], now - 31 * day, 'a process that is sending it');
    for (const indexes of hundreds) await insert(indexes, now - 31 * day);
    await insert([1], now - 29 * day);
    assert.ok((await run('deleting old mails')) <= 500);
    const left = await t.app.database.selectFrom('mails').select('message_id').orderBy('id').execute();
    assert.deepEqual(
      left.map(({ message_id }) => message_id),
      ['0', '1'],
    );
  });

  const insertImport = async (createdAt: number) => {
    const { id } = await t.app.database
      .insertInto('imports')
      .values({
        space_id: t.app.spaces.getByDomain(testDomain).id,
        name: '',
        state: 'checked',
        options: '{}',
        format: '{}',
        header: '[]',
        ignored: '[]',
        created_at: createdAt,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    for (const indexes of hundreds) {
      const rows = indexes.map((position) => ({ import_id: id, position, line: position, cells: '' }));
      await t.app.database
        .insertInto('import_rows')
        .values(rows.map((row) => ({ ...row, problems: '[]', changes: '[]' })))
        .execute();
    }
    return id;
  };
  const importsWithRows = async () => {
    const rows = await t.app.database.selectFrom('import_rows').select('import_id').distinct().execute();
    return rows.map(({ import_id }) => import_id);
  };

  test('rows of imports delete a few hundred at once, and go on if they were interrupted', async () => {
    const now = t.app.now();
    await insertImport(now - 2 * day);
    await insertImport(now - 3 * day);
    const young = await insertImport(now);
    assert.ok((await run('erasing rows of imports', AbortSignal.abort())) <= 500);
    assert.equal((await importsWithRows()).length, 3);
    assert.ok((await run('erasing rows of imports')) <= 500);
    assert.deepEqual(await importsWithRows(), [young]);
  });
});
