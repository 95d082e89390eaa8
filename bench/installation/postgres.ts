import pg from 'pg';
import { startCluster } from '../../test/support/postgres-cluster.ts';

/** A PostgreSQL server that runs as long as the benchmark. */
export interface Postgres {
  /** Returns the URL of a new, empty database. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a throw-away cluster with PostgreSQL's default durability settings. */
export async function startPostgres(): Promise<Postgres> {
  const cluster = await startCluster({ fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' });
  const client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  let made = 0;
  return {
    async createDatabase() {
      made += 1;
      const name = `bench_${made}`;
      await client.query(`create database ${name}`);
      return Object.assign(new URL(cluster.url), { pathname: `/${name}` }).href;
    },
    async stop() {
      await client.end();
      await cluster.stop();
    },
  };
}
