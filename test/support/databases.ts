import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openDatabase } from '../../src/storage/dialect.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { requirePrograms } from './debian.ts';
import { hasPostgres, type Postgres, postgresPrograms, startPostgres } from './postgres.ts';
import { tempDirectory } from './temp-directory.ts';

/** How Ringup is told to use the SQLite file at an absolute path. */
export function sqliteUrl(path: string): string {
  return path;
}

/** Makes the URL of a new database without tables. */
export type MakeUrl = () => Promise<string>;

interface Databases {
  readonly makeUrl: MakeUrl;
  /** The same with tables: quicker than to migrate each of them. */
  readonly makeMigratedUrl: MakeUrl;
  stop(): Promise<void>;
}

export interface DatabaseKind {
  readonly name: 'SQLite' | 'PostgreSQL';
  /** Resolves to what makes databases of this kind, and what removes them. */
  start(): Promise<Databases>;
}

export const databaseKinds: readonly DatabaseKind[] = [
  {
    name: 'SQLite',
    async start() {
      const makeUrl = async () => sqliteUrl(join(tempDirectory(), 'ringup.sqlite'));
      const template = once(() => migrated(makeUrl));
      const makeMigratedUrl = async () => {
        const url = await makeUrl();
        copyFileSync(await template(), url);
        return url;
      };
      return { makeUrl, makeMigratedUrl, stop: async () => {} };
    },
  },
  {
    name: 'PostgreSQL',
    async start() {
      const postgres: Postgres = await startPostgres();
      const makeUrl = () => postgres.createDatabase();
      const template = once(() => migrated(makeUrl));
      const makeMigratedUrl = async () => postgres.createDatabase(await template());
      return { makeUrl, makeMigratedUrl, stop: () => postgres.stop() };
    },
  },
];

/** Describes the behaviour once for each kind of database, as `… on SQLite` and `… on PostgreSQL`. */
export function forEachDatabase(title: string, define: (makeUrl: MakeUrl, makeMigratedUrl: MakeUrl) => void): void {
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
        () => databases.makeMigratedUrl(),
      );
      // Registered last: what the tests opened has been closed by then.
      after(() => databases.stop());
    });
  }
}

async function migrated(makeUrl: MakeUrl): Promise<string> {
  const url = await makeUrl();
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
