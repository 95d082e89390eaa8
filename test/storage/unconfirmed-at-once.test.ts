import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Database, inTransaction } from '../../src/storage/database.ts';
import { isUnconfirmed } from '../../src/storage/database-failure.ts';
import { openDatabase } from '../../src/storage/dialect.ts';
import { migrated } from '../support/databases.ts';
import { hasPostgres, type Postgres, startPostgres } from '../support/postgres.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { patienceMs } from '../support/wait-until.ts';

/** Few, so that a busy machine also opens as many again in the three seconds that Ringup asks for. */
const size = 2;

describe('changes whose COMMITs break all connections of the pool at once', { skip: !hasPostgres() }, () => {
  let postgres: Postgres;
  let proxy: TcpProxy;
  let database: Database;
  before(async () => {
    postgres = await startPostgres();
    const url = await migrated(await postgres.createDatabase());
    proxy = await startTcpProxy(url);
    database = await openDatabase(proxy.urlOf(url), () => {}, { connectMs: patienceMs, silenceMs: patienceMs, size });
  });
  after(async () => {
    await database.close();
    await proxy.stop();
    await postgres.stop();
  });

  /** Makes as many changes as there are connections, and COMMITs them once all of them hold one. */
  const changeAtOnce = (names: readonly string[]) => {
    const allOpen = Promise.withResolvers<void>();
    let open = 0;
    return Promise.allSettled(
      names.map((name) =>
        inTransaction(database, async (tx) => {
          await tx.insertInto('revisions').values({ name, value: 0 }).execute();
          open += 1;
          if (open === names.length) allOpen.resolve();
          await allOpen.promise;
        }),
      ),
    );
  };

  for (const [fate, end] of [
    ['cut answer', 'done'],
    ['never arrives', 'not done'],
  ] as const) {
    test(`are known to be ${end} if they are`, async () => {
      const names = Array.from({ length: size }, (_, index) => `${fate} ${index}`);
      proxy.onCommit(fate);
      const ends = await changeAtOnce(names);
      proxy.heal();
      assert.deepEqual(
        ends.map((each) =>
          each.status === 'fulfilled' ? 'done' : isUnconfirmed(each.reason) ? 'unknown' : 'not done',
        ),
        names.map(() => end),
      );
      const stored = await database.selectFrom('revisions').where('name', 'in', names).selectAll().execute();
      assert.equal(stored.length, end === 'done' ? size : 0);
    });
  }
});
