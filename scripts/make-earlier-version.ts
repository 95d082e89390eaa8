import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import packageJson from '../package.json' with { type: 'json' };
import { earlierVersionsFolder, type Facts } from '../test/support/earlier-versions.ts';
import { programPath } from '../test/support/find-program.ts';
import { freePort } from '../test/support/free-port.ts';
import { readHoldings } from '../test/support/holdings.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { tempDirectory } from '../test/support/temp-directory.ts';
import { ringupWith } from './earlier-version/ringup.ts';
import { useEverything } from './earlier-version/use-everything.ts';

/** The folder to create. A version that already has a folder keeps it. */
const folder = join(earlierVersionsFolder, process.argv[2] ?? packageJson.version);
mkdirSync(folder);

const dataDir = tempDirectory();
const sqlite = await fillDatabase({ RINGUP_DATA_DIR: dataDir });
packSqlite(join(dataDir, 'ringup.sqlite'));
for (const name of ['ringup.sqlite', 'secret']) copyFileSync(join(dataDir, name), join(folder, name));

const server = await startPostgres();
const url = await server.createDatabase();
const postgres = await fillDatabase({ RINGUP_DATA_DIR: dataDir, RINGUP_DATABASE_URL: url });
writeFileSync(join(folder, 'postgres.sql'), dumpPostgres(url));
await server.stop();

const facts = join(folder, 'facts.json');
writeFileSync(facts, JSON.stringify({ sqlite, postgres }));
execFileSync(process.execPath, [join(import.meta.dirname, '../node_modules/.bin/biome'), 'format', '--write', facts]);

async function fillDatabase(where: Readonly<Record<string, string>>): Promise<Facts> {
  const ringup = ringupWith({
    ...where,
    RINGUP_LISTEN: `127.0.0.1:${await freePort()}`,
    RINGUP_PUBLIC_URL: 'https://ringup.example.test',
  });
  const { secrets, api } = await useEverything(ringup);
  // The restart makes sure that all batched writes are in the database.
  const serving = await ringup.serve();
  const holdings = await readHoldings((path) => api('GET', path).catch(() => undefined));
  const credentials = await ringup.command(['export', 'kamailio']);
  await serving.stop();
  return { leftAt: Date.now(), secrets, holdings, credentials };
}

/** Compacts the database into one file. */
function packSqlite(file: string): void {
  const database = new Sqlite(file);
  database.exec('vacuum');
  database.pragma('wal_checkpoint(truncate)');
  database.close();
}

/** Returns a dump that every SQL client can run in one go. */
function dumpPostgres(url: string): string {
  const options = ['--inserts', '--no-owner', '--no-privileges', `--dbname=${url}`];
  const dump = execFileSync(programPath('pg_dump'), options, { encoding: 'utf8' });
  // Only psql knows these commands, and only PostgreSQL 17 and later know this setting.
  return dump.replaceAll(/^(?:\\(?:un)?restrict \w+|SET transaction_timeout = 0;)\n/gm, '');
}
