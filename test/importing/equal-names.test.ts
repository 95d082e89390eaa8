import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { operator } from '../../src/events/actor.ts';
import { freeUsername } from '../../src/importing/derived-username.ts';
import { ImportRunner } from '../../src/importing/import-runner.ts';
import { openTestApp, type TestApp, testDomain } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('the search for the free name after many equal ones', () => {
  test('goes on where it ended, so that each name is looked up about once', async () => {
    const taken = new Set(['guest', 'guest3', 'info']);
    const reached = new Map<string, number>();
    let calls = 0;
    const isTaken = async (name: string) => {
      calls += 1;
      return taken.has(name);
    };
    const rows = 3_000;
    for (let count = 0; count < rows; count += 1) taken.add(await freeUsername('guest', isTaken, reached));
    assert.ok(calls <= 3 * rows, `${calls} look-ups`);
    assert.deepEqual([...taken].slice(0, 6), ['guest', 'guest3', 'info', 'guest2', 'guest4', 'guest5']);
    assert.equal(await freeUsername('info', isTaken, reached), 'info2');
    assert.equal(await freeUsername('guest', isTaken, new Map()), `guest${rows + 3}`);
  });

  test('lets others have a turn long before it ends', async () => {
    let calls = 0;
    let callsBefore = 0;
    setImmediate(() => {
      callsBefore = calls;
    });
    const isTaken = async () => {
      calls += 1;
      return calls < 10_000;
    };
    await freeUsername('guest', isTaken, new Map());
    assert.ok(callsBefore > 0 && callsBefore <= 500, `${callsBefore} look-ups`);
  });
});

forEachDatabase('an import whose rows derive the same user name', (makeUrl) => {
  /** More than a page has. */
  const rows = 300;
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl(), {}, { runsJobs: false });
  });
  after(() => t.close());

  const addresses = (site: string) => Array.from({ length: rows }, (_, index) => `info@${site}${index}.example`);
  const options = { onDuplicate: 'refuse', partial: false, allowAdmin: false, dryRun: false, invite: false } as const;
  const start = (runner: ImportRunner, content: string) =>
    runner.start(operator, t.app.spaces.getByDomain(testDomain), { content, name: '', options });
  const isDone = async (id: number) => {
    const found = t.app.database.selectFrom('imports').select('state').where('id', '=', id);
    return (await found.executeTakeFirst())?.state === 'done';
  };
  const namesAt = async (site: string) => {
    const found = t.app.database.selectFrom('accounts').select(['username', 'email']).orderBy('id');
    return (await found.execute())
      .filter(({ email }) => email?.startsWith(`info@${site}`))
      .map((each) => each.username);
  };

  test('counts them through all its pages, also if another worker checks it again', async () => {
    const runner = new ImportRunner(t.app, (error) => assert.fail(String(error)));
    const { id } = await start(runner, `username,email\n,${addresses('a').join('\n,')}\ninfo4,four@x.example\n`);
    await runner.close();
    await t.app.imports.resumeAll();
    assert.ok(await waitUntil(() => isDone(id)));
    const names = ['info', ...Array.from({ length: rows }, (_, index) => `info${index + 2}`)];
    assert.deepEqual(
      await namesAt('a'),
      names.filter((name) => name !== 'info4'),
    );
  });

  test('goes on after those that the space has, and looks each of them up once for all rows', async (context) => {
    const lookUps = context.mock.method(t.app.database, 'rows').mock;
    const { id } = await start(t.app.imports, `email\n${addresses('b').join('\n')}\n`);
    assert.ok(await waitUntil(() => isDone(id)));
    assert.deepEqual(
      await namesAt('b'),
      Array.from({ length: rows }, (_, index) => `info${rows + index + 2}`),
    );
    assert.ok(lookUps.callCount() <= 5 * rows, `${lookUps.callCount()} look-ups`);
  });
});
