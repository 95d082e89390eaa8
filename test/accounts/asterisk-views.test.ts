import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { openTestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

const script = readFileSync(join(import.meta.dirname, '../../deploy/asterisk/views.sql'), 'utf8');
const domain = 'sip.example.test';

forEachDatabase("Asterisk's views", (makeUrl) => {
  test('have a row for each active account with all of its algorithms, and their script can run again', async (t) => {
    const url = await makeUrl();
    const { makeAccount, api, close } = await openTestApp(url);
    t.after(close);
    const password = 'secret';
    await makeAccount({ username: 'sha256', password, algorithm: 'SHA-256', activated: true });
    await makeAccount({ username: 'md5', password, algorithm: 'MD5', activated: true });
    const blocked = await makeAccount({ username: 'blocked', password, activated: true });
    await api('POST', `/api/accounts/${blocked.id}/block`);
    await query(url, script);
    await query(url, script);
    const ids = ['md5', 'sha256'].map((name) => `${name}@${domain}`);
    for (const view of ['ps_auths', 'ps_endpoints', 'ps_aors']) {
      const rows = await query(url, `select id from ${view} where id not like 'admin%' order by id`);
      assert.deepEqual(
        rows.map(({ id }) => id),
        ids,
      );
    }
    const auths =
      "select password_digest, supported_algorithms_uas from ps_auths where id not like 'admin%' order by id";
    assert.deepEqual(await query(url, auths), [
      { password_digest: `MD5:${computeHa1('MD5', 'md5', domain, password)}`, supported_algorithms_uas: 'MD5' },
      {
        password_digest: `SHA-256:${computeHa1('SHA-256', 'sha256', domain, password)}`,
        supported_algorithms_uas: 'SHA-256',
      },
    ]);
  });

  test('name SHA-256 before MD5 if an account has both', async (t) => {
    const url = await makeUrl();
    const { makeAccount, setSpace, close } = await openTestApp(url);
    t.after(close);
    await setSpace({ algorithms: ['MD5', 'SHA-256'] });
    await makeAccount({ username: 'both', password: 'secret', activated: true });
    await query(url, script);
    const [row] = await query(url, `select * from ps_auths where id = 'both@${domain}'`);
    assert.match(String(row?.password_digest), /^SHA-256:[0-9a-f]{64},MD5:[0-9a-f]{32}$/);
    assert.equal(row?.supported_algorithms_uas, 'SHA-256,MD5');
    assert.equal(row?.supported_algorithms_uac, 'SHA-256,MD5');
    assert.equal(row?.realm, domain);
    assert.equal(row?.auth_type, 'digest');
  });
});

/** Runs one query, or a script without results, as another program does. */
async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  if (url.startsWith('postgres')) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows = [] } = await client.query(sql);
    await client.end();
    return rows;
  }
  const database = new Sqlite(url);
  try {
    if (sql !== script) return database.prepare<[], Record<string, unknown>>(sql).all();
    database.exec(sql);
    return [];
  } finally {
    database.close();
  }
}
