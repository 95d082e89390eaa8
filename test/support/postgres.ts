import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { findProgram } from './find-program.ts';
import { type Cluster, memoryDirectory, startCluster } from './postgres-cluster.ts';

export interface Postgres {
  /** The URL of a database for administration. Tests use new databases. */
  readonly url: string;
  /**
   * Resolves to the URL of a new database: empty, or a copy of another one that has no connections. `letters` is the
   * locale for upper and lower case.
   */
  createDatabase(template?: string, letters?: string): Promise<string>;
  /** Drops the databases that it created. */
  stop(): Promise<void>;
}

/** The programs of `startPostgres` without TEST_DATABASE_URL, for `requirePrograms`. */
export const postgresPrograms = { initdb: 'postgresql', postgres: 'postgresql' };

/** Returns whether there is a server to use, or Debian's package to start one. */
export function hasPostgres(): boolean {
  return process.env.TEST_DATABASE_URL !== undefined || findProgram('postgres') !== undefined;
}

let ownCluster: Promise<Cluster> | undefined;

/**
 * Uses the server of TEST_DATABASE_URL, whose user may create databases. Without it, starts a throw-away cluster that
 * all callers in this process share and that ends with the process.
 */
export async function startPostgres(): Promise<Postgres> {
  const url = process.env.TEST_DATABASE_URL ?? (await sharedCluster()).url;
  const databases: string[] = [];
  return {
    url,
    async createDatabase(template, letters) {
      const name = `ringup_test_${randomBytes(6).toString('hex')}`;
      // Nobody can be connected to template0, unlike template1. A connection would make this fail.
      const source = template === undefined ? 'template0' : new URL(template).pathname.slice(1);
      const locale = letters === undefined ? '' : ` lc_ctype '${letters}'`;
      const strategy = template === undefined ? '' : await copyStrategy(url);
      await executeSql(url, `create database ${name} template ${source}${locale}${strategy}`);
      databases.push(name);
      return Object.assign(new URL(url), { pathname: `/${name}` }).href;
    },
    async stop() {
      for (const name of databases.splice(0)) await executeSql(url, `drop database if exists ${name} with (force)`);
    },
  };
}

function sharedCluster(): Promise<Cluster> {
  ownCluster ??= startCluster({}, {}, memoryDirectory());
  return ownCluster;
}

let ownStrategy: Promise<string> | undefined;

/**
 * Returns the option that makes the server copy a database by its files, which takes half the time of its default.
 * Before version 15, servers copy files anyway and know no such option.
 */
function copyStrategy(url: string): Promise<string> {
  ownStrategy ??= onClient(url, async (client) => {
    const { rows } = await client.query('show server_version_num');
    return Number(rows[0].server_version_num) < 150_000 ? '' : ' strategy file_copy';
  });
  return ownStrategy;
}

/** Runs one or more statements on a separate connection. */
export function executeSql(url: string, sql: string): Promise<void> {
  return onClient(url, async (client) => void (await client.query(sql)));
}

async function onClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
