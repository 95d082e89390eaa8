import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { requirePrograms } from './debian.ts';
import { hasPostgres, type Postgres, postgresPrograms, startPostgres } from './postgres.ts';
import { tempDirectory } from './temp-directory.ts';

/** How Ringup is told to use the SQLite file at an absolute path. */
export function sqliteUrl(path: string): string {
  return path;
}

/** Makes the URL of a new database without tables. */
export type MakeUrl = () => Promise<string>;

export interface DatabaseKind {
  readonly name: 'SQLite' | 'PostgreSQL';
  /** Resolves to what makes databases of this kind, and what removes them. */
  start(): Promise<{ makeUrl: MakeUrl; stop(): Promise<void> }>;
}

export const databaseKinds: readonly DatabaseKind[] = [
  {
    name: 'SQLite',
    start: async () => ({
      makeUrl: async () => sqliteUrl(join(tempDirectory(), 'ringup.sqlite')),
      stop: async () => {},
    }),
  },
  {
    name: 'PostgreSQL',
    async start() {
      const postgres: Postgres = await startPostgres();
      return { makeUrl: () => postgres.createDatabase(), stop: () => postgres.stop() };
    },
  },
];

/** Describes the behaviour once for each kind of database, as `… on SQLite` and `… on PostgreSQL`. */
export function forEachDatabase(title: string, define: (makeUrl: MakeUrl) => void): void {
  for (const kind of databaseKinds) {
    const name = `${title} on ${kind.name}`;
    if (kind.name === 'PostgreSQL' && !hasPostgres()) {
      test(name, (t) => void requirePrograms(t, postgresPrograms));
      continue;
    }
    describe(name, () => {
      let databases: Awaited<ReturnType<DatabaseKind['start']>>;
      before(async () => {
        databases = await kind.start();
      });
      define(() => databases.makeUrl());
      // Registered last: what the tests opened has been closed by then.
      after(() => databases.stop());
    });
  }
}
