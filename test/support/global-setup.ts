import { hasPostgres } from './postgres.ts';
import { type Cluster, startCluster } from './postgres-cluster.ts';

let cluster: Cluster | undefined;

/** For `node --test --test-global-setup=`: one PostgreSQL server for all test files, which inherit its address. */
export async function globalSetup(): Promise<void> {
  if (process.env.TEST_DATABASE_URL !== undefined || !hasPostgres()) return;
  cluster = await startCluster();
  process.env.TEST_DATABASE_URL = cluster.url;
}

export async function globalTeardown(): Promise<void> {
  await cluster?.stop();
}
