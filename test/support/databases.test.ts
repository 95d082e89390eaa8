import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { forEachDatabase } from './databases.ts';
import { requirePrograms } from './debian.ts';
import { hasPostgres, postgresPrograms, startPostgres } from './postgres.ts';

forEachDatabase('a database made for a test', (_, makeEmptyUrl) => {
  test('is new and has no tables', async () => {
    const urls = [await makeEmptyUrl(), await makeEmptyUrl()];
    assert.notEqual(urls[0], urls[1]);
    for (const url of urls) assert.equal(await makeTable(url), true);
  });
});

test('the databases made for a test are gone when it gives the server back', async (t) => {
  if (!hasPostgres() && !requirePrograms(t, postgresPrograms)) return;
  const server = await startPostgres();
  const url = await server.createDatabase();
  await server.stop();
  await assert.rejects(makeTable(url), { code: '3D000' });
});

async function makeTable(url: string): Promise<boolean> {
  const sql = 'create table things (id integer)';
  if (!url.startsWith('postgres:')) {
    assert.equal(existsSync(url), false);
    new Sqlite(url).exec(sql).close();
    return true;
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
    return true;
  } finally {
    await client.end();
  }
}
