import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Selectable } from 'kysely';
import { openDatabase } from '../../src/storage/dialect.ts';
import type { ImportTable } from '../../src/storage/import-tables.ts';
import { openTestApp } from '../support/app.ts';
import { environmentOf } from '../support/cli.ts';
import { forEachDatabase } from '../support/databases.ts';
import { startServe } from '../support/serve.ts';
import { waitUntil } from '../support/wait-until.ts';

const count = 700;
const rows = Array.from({ length: count }, (_, index) => `user${index},User ${index},user${index}@x.example`);
const file = `username,name,email\n${rows.join('\n')}\n`;

type ImportRow = Selectable<ImportTable>;

/** Between each pair of steps. A moment that was missed counts too: nothing may be lost then either. */
const moments: Readonly<Record<string, (found: ImportRow) => boolean>> = {
  'while its rows are stored': () => true,
  'after its rows are stored': ({ received }) => received === 1,
  'after its rows are checked': ({ state }) => state !== 'checking',
  'after the first rows are written': ({ written }) => written >= 100,
  'after most rows are written': ({ written }) => written >= 500,
};

forEachDatabase('an import whose server is killed', (makeUrl) => {
  const stops: (() => Promise<unknown>)[] = [];
  after(async () => {
    for (const stop of stops) await stop();
  });

  for (const [moment, isMoment] of Object.entries(moments)) {
    test(`loses no row and writes none twice, if that happens ${moment}`, async () => {
      const url = await makeUrl();
      const setup = await openTestApp(url);
      const key = setup.adminKey;
      await setup.close();
      const database = await openDatabase(url);
      stops.push(() => database.close());
      // Both have the same secret, without which nobody reads the rows.
      const environment = environmentOf(url);
      const first = await startServe(environment);
      const find = () => database.selectFrom('imports').selectAll().executeTakeFirst();
      const asked = fetch(`${first.url}/api/accounts/import`, {
        method: 'POST',
        headers: { 'x-api-key': key, 'content-type': 'text/csv' },
        body: file,
      }).catch(() => undefined);
      for (let found = await find(); found === undefined || !isMoment(found); found = await find()) {
        await sleep(2);
      }
      await first.kill();
      await asked;

      const left = await find();
      // The next process goes on once the killed one has not been heard of for a while.
      await database.updateTable('imports').set({ lease_until: 0 }).execute();
      const second = await startServe(environment);
      stops.push(() => second.stop());
      const isOver = async () => ['done', 'discarded'].includes((await find())?.state ?? '');
      assert.ok(await waitUntil(isOver), JSON.stringify(await find()));

      // What was not received as a whole was never acknowledged. PostgreSQL may store it after the kill nevertheless.
      const expected = (await find())?.state === 'done' ? count : 0;
      assert.ok(left?.received !== 1 || expected === count, 'what was received is written');
      const usernames = await database.selectFrom('accounts').select('username').execute();
      assert.equal(new Set(usernames.map(({ username }) => username)).size, expected + 1);
      for (const kind of ['account-created', 'token-issued']) {
        const events = await database.selectFrom('events').select('account_id').where('kind', '=', kind).execute();
        const named = events.map(({ account_id: id }) => id).filter((id) => id !== 1);
        assert.equal(named.length, expected, kind);
        assert.equal(new Set(named).size, expected, kind);
      }
      const tokens = await database.selectFrom('tokens').select('id').where('kind', '=', 'provisioning').execute();
      assert.equal(tokens.length, expected);
    });
  }
});
