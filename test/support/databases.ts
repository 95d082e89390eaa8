import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openDatabase } from '../../src/storage/dialect.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { requirePrograms } from './debian.ts';
import { hasPostgres, type Postgres, postgresPrograms, startPostgres } from './postgres.ts';
import { tempDirectory } from './temp-directory.ts';

/** Returns the setting that makes Ringup use the SQLite file at an absolute path. */
export function sqliteUrl(path: string): string {
  return path;
}

/** Creates a new database and returns its URL. */
export type MakeUrl = () => Promise<string>;

interface Databases {
  /** Creates a database with tables. It is a copy of a migrated one, which is faster than migrating each. */
  readonly makeUrl: MakeUrl;
  readonly makeEmptyUrl: MakeUrl;
  stop(): Promise<void>;
}

export interface DatabaseKind {
  readonly name: 'SQLite' | 'PostgreSQL';
  /** Starts the databases of this kind. Resolves to functions that create and remove them. */
  start(): Promise<Databases>;
}

export const databaseKinds: readonly DatabaseKind[] = [
  {
    name: 'SQLite',
    async start() {
      const makeUrl = async () => {
        const url = await makeEmptyFile();
        copyFileSync(await sqliteTemplate(), url);
        return url;
      };
      return { makeUrl, makeEmptyUrl: makeEmptyFile, stop: async () => {} };
    },
  },
  {
    name: 'PostgreSQL',
    async start() {
      const postgres: Postgres = await startPostgres();
      const template = once(async () => postgresTemplate ?? migrated(await postgres.createDatabase()));
      const makeUrl = async () => postgres.createDatabase(await template());
      return { makeUrl, makeEmptyUrl: () => postgres.createDatabase(), stop: () => postgres.stop() };
    },
  },
];

/** Defines the tests once for each kind of database, as `… on SQLite` and `… on PostgreSQL`. */
export function forEachDatabase(title: string, define: (makeUrl: MakeUrl, makeEmptyUrl: MakeUrl) => void): void {
  for (const kind of databaseKinds) {
    const name = `${title} on ${kind.name}`;
    if (kind.name === 'PostgreSQL' && !hasPostgres()) {
      test(name, (t) => void requirePrograms(t, postgresPrograms));
      continue;
    }
    describe(name, () => {
      let databases: Databases;
      before(async () => {
        databases = await kind.start();
      });
      define(
        () => databases.makeUrl(),
        () => databases.makeEmptyUrl(),
      );
      // Registered last, so that everything the tests opened has been closed by then.
      after(() => databases.stop());
    });
  }
}

const makeEmptyFile: MakeUrl = async () => sqliteUrl(join(tempDirectory(), 'ringup.sqlite'));

/** The databases that others are copied from: those of the whole run, or else some that are created here. */
const { TEST_SQLITE_TEMPLATE: wholeRunFile, TEST_POSTGRES_TEMPLATE: postgresTemplate } = process.env;
const sqliteTemplate = once(async () => wholeRunFile ?? migrated(await makeEmptyFile()));

/** Migrates a database and returns its URL. */
export async function migrated(url: string): Promise<string> {
  const database = await openDatabase(url);
  await migrate(database);
  await database.close();
  return url;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
