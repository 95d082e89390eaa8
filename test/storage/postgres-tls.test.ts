import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { rootCertificates } from 'node:tls';
import { sql } from 'kysely';
import { openDatabase } from '../../src/storage/dialect.ts';
import { openTerminal } from '../support/cli.ts';
import { executeSql, hasPostgres } from '../support/postgres.ts';
import { type Cluster, startCluster } from '../support/postgres-cluster.ts';
import { untrusted } from '../support/self-signed.ts';
import { tempDirectory } from '../support/temp-directory.ts';

/** Of what may encrypt, must and must not. */
const access = ['host postgres', 'hostssl encrypted', 'hostnossl plain']
  .map((each) => `${each} all 127.0.0.1/32 scram-sha-256\n`)
  .join('');

/** Whether a connection that is opened like this is encrypted, or the failure. */
async function isEncrypted(url: string): Promise<boolean> {
  const database = await openDatabase(url);
  try {
    const found = sql<{ ssl: boolean }>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`;
    const [row] = (await found.execute(database)).rows;
    assert.ok(row !== undefined);
    return row.ssl;
  } finally {
    await database.close();
  }
}

describe('sslmode, as libpq defines it', { skip: !hasPostgres() }, () => {
  let cluster: Cluster;
  let unencrypted: Cluster;
  const folder = tempDirectory();
  const [authority, stranger] = [join(folder, 'authority.crt'), join(folder, 'stranger.crt')];
  before(async () => {
    writeFileSync(authority, untrusted.cert);
    writeFileSync(stranger, rootCertificates[0] ?? '');
    cluster = await startCluster(
      { ssl: 'on' },
      { ssl_cert_file: untrusted.cert, ssl_key_file: untrusted.key, hba_file: access },
    );
    unencrypted = await startCluster();
    await executeSql(cluster.url, 'create database encrypted');
    await executeSql(cluster.url, 'create database plain');
  });
  after(() => Promise.all([cluster.stop(), unencrypted.stop()]));

  const urlOf = (database: string, query: string, hostname = '127.0.0.1') =>
    `${Object.assign(new URL(cluster.url), { pathname: `/${database}`, hostname }).href}?${query}`;

  for (const [database, query, encrypted] of [
    ['postgres', '', true],
    ['postgres', 'sslmode=disable', false],
    ['postgres', 'sslmode=allow', false],
    ['postgres', 'sslmode=prefer', true],
    ['postgres', 'sslmode=require', true],
    ['postgres', 'ssl=true', true],
    ['postgres', 'sslmode=require&sslrootcert=authority', true],
    ['postgres', 'sslmode=verify-ca&sslrootcert=authority', true],
    ['encrypted', 'sslmode=allow', true],
    ['encrypted', 'sslmode=prefer', true],
    ['plain', 'sslmode=allow', false],
    ['plain', 'sslmode=prefer', false],
  ] as const) {
    const title = encrypted ? 'encrypts' : 'does not encrypt';
    test(`${query || 'no sslmode'} ${title} if the server takes connections to ${database}`, async () => {
      assert.equal(await isEncrypted(urlOf(database, query.replace('=authority', `=${authority}`))), encrypted);
    });
  }

  test('verify-full requires the name in the certificate', async () => {
    const query = `sslmode=verify-full&sslrootcert=${authority}`;
    assert.equal(await isEncrypted(urlOf('postgres', query, 'localhost')), true);
    await assert.rejects(isEncrypted(urlOf('postgres', query)), { code: 'database-unavailable' });
  });

  for (const [what, database, query, says] of [
    ['whose name is not in the certificate', 'postgres', 'sslmode=verify-full&sslrootcert=authority', /altnames/],
    ['whose authority is unknown', 'postgres', 'sslmode=verify-full', /self-signed certificate/],
    ['whose authority is another one', 'postgres', 'sslmode=require&sslrootcert=stranger', /certificate/],
    ['whose authority is another one', 'postgres', 'sslmode=verify-ca&sslrootcert=stranger', /certificate/],
  ] as const) {
    test(`a server ${what} is refused by ${query}, in a line that says what to do`, async () => {
      const named = query.replace('=authority', `=${authority}`).replace('=stranger', `=${stranger}`);
      const { status, err } = await openTerminal({ RINGUP_DATABASE_URL: urlOf(database, named) })('account list');
      assert.equal(status, 1);
      assert.match(err, /^The database cannot be used: .+ name its authority in sslrootcert=FILE.+\n$/);
      assert.match(err, says);
    });
  }

  for (const [database, query] of [
    ['encrypted', 'sslmode=disable'],
    ['plain', 'sslmode=require'],
  ] as const) {
    test(`a server that accepts no connection with ${query} is refused, in a line that says what to do`, async () => {
      const { status, err } = await openTerminal({ RINGUP_DATABASE_URL: urlOf(database, query) })('account list');
      assert.equal(status, 1);
      assert.match(
        err,
        /^The database cannot be used: no pg_hba\.conf entry .+ Check .+ pg_hba\.conf and sslmode\..+\n$/,
      );
    });
  }

  test('a server without certificate is refused by require, in a line that says what to do, and taken by prefer', async () => {
    const { status, err } = await openTerminal({ RINGUP_DATABASE_URL: `${unencrypted.url}?sslmode=require` })(
      'account list',
    );
    assert.equal(status, 1);
    assert.match(
      err,
      /^The database cannot be used: The server does not support SSL connections\. Switch ssl on .+\n$/,
    );
    assert.equal(await isEncrypted(`${unencrypted.url}?sslmode=prefer`), false);
    assert.equal(await isEncrypted(unencrypted.url), false);
  });
});
