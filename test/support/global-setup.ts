import { join } from 'node:path';
import { migrated, sqliteUrl } from './databases.ts';
import { hasPostgres, type Postgres, startPostgres } from './postgres.ts';
import { type Cluster, memoryDirectory, startCluster } from './postgres-cluster.ts';
import { tempDirectory } from './temp-directory.ts';

let cluster: Cluster | undefined;
let postgres: Postgres | undefined;

/**
 * For `node --test --test-global-setup=`: starts one PostgreSQL server for all test files, which inherit its address,
 * and creates one migrated database of each kind, which they copy.
 */
export async function globalSetup(): Promise<void> {
  process.env.TEST_SQLITE_TEMPLATE = await migrated(sqliteUrl(join(tempDirectory(), 'template.sqlite')));
  if (!hasPostgres()) return;
  if (process.env.TEST_DATABASE_URL === undefined) {
    cluster = await startCluster({}, {}, memoryDirectory());
    process.env.TEST_DATABASE_URL = cluster.url;
  }
  postgres = await startPostgres();
  process.env.TEST_POSTGRES_TEMPLATE = await migrated(await postgres.createDatabase());
}

export async function globalTeardown(): Promise<void> {
  await postgres?.stop();
  await cluster?.stop();
}
