import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isNodeAlive, unregisterNode } from '../../src/cluster/node-store.ts';
import { damagedFiles, findUnwritten, keepTaken, writtenJob } from '../../src/jobs/unwritten.ts';
import { dialectOf } from '../../src/storage/dialect.ts';
import { openTestApp } from '../support/app.ts';
import { breakWrites } from '../support/broken-writes.ts';
import { forEachDatabase } from '../support/databases.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const bootId = '00000000-0000-4000-8000-000000000001';
const none = { deliveries: [], deviceUses: [], keyUses: [], events: [] };
const inFile = (unwritten: unknown) => (file: string) => writeFileSync(file, JSON.stringify({ bootId, unwritten }));

const damages: readonly [string, (file: string) => void][] = [
  ['is empty', (file) => writeFileSync(file, '')],
  ['ends in the middle', (file) => writeFileSync(file, '{"bootId":"0000')],
  ['is null', (file) => writeFileSync(file, 'null')],
  ['is a folder', (file) => mkdirSync(file)],
  ['lacks a list', inFile({ ...none, events: undefined })],
  ['has null among its records', inFile({ ...none, keyUses: [null] })],
  ['has an answer without a claim', inFile({ ...none, deliveries: [{ at: 1, outcome: 'lost' }] })],
  ['has a text for an id', inFile({ ...none, keyUses: [{ id: 'x', at: 1 }] })],
];

forEachDatabase('the file that an earlier process left', (makeUrl) => {
  for (const [what, damage] of damages) {
    test(`is set aside if it ${what}, and the server still starts`, async (t) => {
      const url = await makeUrl();
      const dataDir = tempDirectory();
      const file = join(dataDir, `unwritten-${bootId}.json`);
      // A heartbeat would delete the other node.
      const before = await openTestApp(url, { RINGUP_DATA_DIR: dataDir }, { runsJobs: false });
      t.after(() => before.close());
      await before.app.database.insertInto('nodes').values({ boot_id: bootId, seen_at: 1 }).execute();
      damage(file);
      assert.deepEqual(damagedFiles(dataDir), [`unwritten-${bootId}.json`]);
      const started = await openTestApp(url, { RINGUP_DATA_DIR: dataDir });
      t.after(() => started.close());
      assert.ok(!existsSync(file));
      assert.deepEqual(damagedFiles(dataDir), [`unwritten-${bootId}.json.damaged`]);
      assert.match(started.logged(), /are damaged and were set aside/);
    });
  }

  test('is the only one after each start that fails', async (t) => {
    const url = await makeUrl();
    const dataDir = tempDirectory();
    const before = await openTestApp(url, { RINGUP_DATA_DIR: dataDir }, { runsJobs: false });
    const { id } = await before.makeAccount();
    await before.app.database.insertInto('nodes').values({ boot_id: bootId, seen_at: 1 }).execute();
    await before.close();
    const event = { at: 1, kind: 'refused', spaceId: 1, accountId: id, detail: { reason: 'used' } };
    inFile({ ...none, events: [event] })(join(dataDir, `unwritten-${bootId}.json`));
    const files = () => readdirSync(dataDir).filter((name) => /^unwritten-.*json$/.test(name));
    // A SQLite database lies in the data directory.
    const mend = await breakWrites(dialectOf(url) === 'sqlite' ? join(dataDir, 'ringup.sqlite') : url);
    for (let start = 0; start < 2; start += 1) {
      await assert.rejects(openTestApp(url, { RINGUP_DATA_DIR: dataDir }));
      assert.deepEqual(files(), [`unwritten-${bootId}.json`]);
    }
    await mend();
    const started = await openTestApp(url, { RINGUP_DATA_DIR: dataDir });
    t.after(() => started.close());
    assert.deepEqual(files(), []);
    const kinds = await started.app.database.selectFrom('events').select('kind').execute();
    assert.ok(kinds.some(({ kind }) => kind === 'refused'));
  });

  test('is copied by a start that cannot write its records, until the database takes them', async (t) => {
    const url = await makeUrl();
    const dataDir = tempDirectory();
    const before = await openTestApp(url, { RINGUP_DATA_DIR: dataDir }, { runsJobs: false });
    t.after(() => before.close());
    const { app } = before;
    const { id } = await before.makeAccount();
    await app.database.insertInto('nodes').values({ boot_id: bootId, seen_at: 1 }).execute();
    const event = { at: 1, kind: 'refused', spaceId: 1, accountId: id, detail: { reason: 'used' } };
    inFile({ ...none, events: [event] })(join(dataDir, `unwritten-${bootId}.json`));
    const kept = await findUnwritten(app);
    keepTaken(app, kept, false);
    const own = `unwritten-${app.bootId}.json`;
    assert.ok(existsSync(join(dataDir, own)));
    // Another node that starts meanwhile must not take them from one that is alive. SQLite has only one server.
    const taken = (await findUnwritten(app)).map((each) => each.bootId);
    assert.equal(taken.includes(app.bootId), dialectOf(url) === 'sqlite');
    await writtenJob(app, app).run(new AbortController().signal);
    assert.ok(!existsSync(join(dataDir, own)));
  });

  test('belongs to a node that counts as running again after its next heartbeat', async (t) => {
    const { app, close } = await openTestApp(await makeUrl(), {}, { runsJobs: false });
    t.after(close);
    await unregisterNode(app.database, app.bootId);
    assert.equal(await isNodeAlive(app.database, app.bootId), false);
    await app.heartbeat.beat();
    assert.equal(await isNodeAlive(app.database, app.bootId), true);
  });

  test('is not touched if it belongs to another database', async () => {
    const dataDir = tempDirectory();
    const file = join(dataDir, `unwritten-${bootId}.json`);
    writeFileSync(file, '');
    const started = await openTestApp(await makeUrl(), { RINGUP_DATA_DIR: dataDir });
    assert.ok(existsSync(file));
    await started.close();
  });
});
