import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sql } from 'kysely';
import { ensureFirstSpace } from '../../src/spaces/change-spaces.ts';
import { listSpaces } from '../../src/spaces/space-store.ts';
import type { Database } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/dialect.ts';
import { allMigrations, migrate, migrationStatus, requireMigrated } from '../../src/storage/migrate.ts';
import { forEachDatabase } from '../support/databases.ts';

test('each file of the folder is a migration that is applied', () => {
  const files = readdirSync(join(import.meta.dirname, '../../src/storage/migrations'));
  assert.deepEqual(
    files.toSorted(),
    allMigrations.map((name) => `${name}.ts`),
  );
});

forEachDatabase('migrations', (_, makeEmptyUrl) => {
  const opened = async (count: number, work: (databases: readonly Database[]) => Promise<void>): Promise<void> => {
    const url = await makeEmptyUrl();
    const databases = await Promise.all(Array.from({ length: count }, () => openDatabase(url)));
    try {
      await work(databases);
    } finally {
      for (const database of databases) await database.close();
    }
  };
  const first = { domain: 'sip.example.test', registrar: null };

  test('are pending on an empty database, which cannot be used until they are applied', () =>
    opened(1, async ([database]) => {
      assert.ok(database);
      const before = await migrationStatus(database);
      assert.deepEqual(before.applied, []);
      assert.ok(before.pending.length > 0);
      await assert.rejects(requireMigrated(database), { code: 'migrations-pending' });
      assert.deepEqual(await migrate(database), before.pending);
      assert.deepEqual(await migrationStatus(database), { applied: before.pending, pending: [] });
      await requireMigrated(database);
      assert.deepEqual(await migrate(database), []);
    }));

  test('are applied once, and the first space is created once, if four nodes start at the same time', () =>
    opened(4, async (databases) => {
      const applied = await Promise.all(
        databases.map(async (database) => {
          const names = await migrate(database);
          await ensureFirstSpace(database, first, 1);
          return names;
        }),
      );
      assert.equal(applied.filter((names) => names.length > 0).length, 1);
      for (const db of databases) {
        assert.deepEqual(
          (await listSpaces(db)).map((space) => space.domain),
          [first.domain],
        );
      }
    }));

  test('create views for SIP servers with one row for each algorithm of each active account', () =>
    opened(1, async ([database]) => {
      assert.ok(database);
      const db = database;
      await migrate(db);
      await ensureFirstSpace(database, first, 1);
      const [space] = await listSpaces(db);
      const row = {
        space_id: space?.id ?? 0,
        dtmf_protocol: 'sipinfo',
        ha1_sha256: 'aa',
        ha1_md5: 'bb',
        activated_at: 1,
        version: 0,
        admin: 0,
        created_at: 1,
        updated_at: 1,
      };
      await db
        .insertInto('accounts')
        .values([
          { ...row, username: 'works' },
          { ...row, username: 'md5only', ha1_sha256: null },
          { ...row, username: 'inactive', activated_at: null },
          { ...row, username: 'blocked', blocked_at: 1 },
        ])
        .execute();
      const { rows } = await sql`select username, domain, realm, algorithm, ha1 from sip_credentials
        order by username, algorithm`.execute(db);
      const { domain } = first;
      assert.deepEqual(rows, [
        { username: 'md5only', domain, realm: domain, algorithm: 'MD5', ha1: 'bb' },
        { username: 'works', domain, realm: domain, algorithm: 'MD5', ha1: 'bb' },
        { username: 'works', domain, realm: domain, algorithm: 'SHA-256', ha1: 'aa' },
      ]);
      await sql`update spaces set realm = 'phones'`.execute(db);
      const sha256 = await sql`select * from sip_credentials_sha256`.execute(db);
      assert.deepEqual(sha256.rows, [{ username: 'works', domain, realm: 'phones', ha1: 'aa' }]);
    }));
});
