import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { caddyPrograms, startCaddy } from '../support/caddy.ts';
import { requirePrograms } from '../support/debian.ts';
import { type Registrar, type RegistrarDatabase, registrarPrograms, startRegistrar } from '../support/kamailio.ts';
import type { Linphone, LinphoneOptions } from '../support/linphone.ts';
import { type Phone, phones } from '../support/phones.ts';
import { hasPostgres, postgresPrograms, startPostgres } from '../support/postgres.ts';
import { register } from '../support/sip-register.ts';
import { tempDirectory } from '../support/temp-directory.ts';

// These tests prove the harness, with credentials and a document made by hand: nothing of Ringup takes part.

const address = 'alice@sip.example.test';
const run = promisify(execFile);
const tables = { MD5: 'sip_credentials_md5', 'SHA-256': 'sip_credentials_sha256' } as const;
type Algorithm = keyof typeof tables;

for (const phone of phones) {
  const needed = { ...phone.programs, ...registrarPrograms };

  test(`a ${phone.name} is ${phone.version}`, async (t) => {
    if (!requirePrograms(t, phone.programs)) return;
    const [command, ...args] = phone.linphonec();
    assert.match((await run(command, [...args, '--version'])).stdout, new RegExp(`version: ${phone.version}$`, 'm'));
  });

  for (const algorithm of ['MD5', 'SHA-256'] as const) {
    test(`a ${phone.name} registers by ${algorithm} at a Kamailio that reads SQLite`, async (t) => {
      if (!requirePrograms(t, needed)) return;
      await registersAndIsKnown(t, phone, await sqliteCredentials(t, algorithm), algorithm);
    });

    test(`a ${phone.name} registers by ${algorithm} at a Kamailio that reads PostgreSQL`, async (t) => {
      if (!requirePrograms(t, hasPostgres() ? needed : { ...needed, ...postgresPrograms })) return;
      await registersAndIsKnown(t, phone, await postgresCredentials(t, algorithm), algorithm);
    });
  }

  test(`a ${phone.name} with a wrong HA1 does not register`, async (t) => {
    if (!requirePrograms(t, needed)) return;
    const registrar = await start(t, { database: await sqliteCredentials(t, 'MD5'), algorithm: 'MD5' });
    const url = await serveDocument(t, document(registrar, 'MD5', { password: 'wrong' }));
    const linphone = await startPhone(t, phone, { url });
    await linphone.waitRefused(address);
    assert.equal(linphone.hasRegistered(address), false);
    assert.deepEqual(await registrar.registered(), []);
    assert.match(registrar.log(), /REGISTER from sip:alice@sip\.example\.test, authorization: Digest/);
  });

  test(`a running Kamailio sees changes in SQLite immediately, with a ${phone.name}`, async (t) => {
    if (!requirePrograms(t, needed)) return;
    const database = await sqliteCredentials(t, 'MD5', { password: 'old' });
    const registrar = await start(t, { database, algorithm: 'MD5' });
    const url = await serveDocument(t, document(registrar, 'MD5', { password: 'new' }));
    const early = await startPhone(t, phone, { url });
    await early.waitRefused(address);

    const writer = new Sqlite(database.sqlite);
    writer.prepare('update sip_credentials_md5 set ha1 = ?').run(ha1('MD5', { password: 'new' }));
    writer.close();
    const late = await startPhone(t, phone, { url });
    await late.waitRegistered(address);
  });

  test(`a ${phone.name} registers at a Kamailio whose realm is not the domain, but not for another domain`, async (t) => {
    if (!requirePrograms(t, needed)) return;
    const account = { realm: 'phones' };
    const registrar = await start(t, {
      database: await sqliteCredentials(t, 'MD5', account),
      algorithm: 'MD5',
    });
    const own = await startPhone(t, phone, { url: await serveDocument(t, document(registrar, 'MD5', account)) });
    await own.waitRegistered(address);

    const elsewhere = { port: registrar.port, username: 'alice', domain: 'other.example.test', password: 'secret' };
    assert.equal(await register(elsewhere), 401);
    assert.deepEqual(await registrar.registered(), [address]);
  });

  test(`a ${phone.name} that was quit starts again with what it has stored`, async (t) => {
    if (!requirePrograms(t, needed)) return;
    const registrar = await start(t, { database: await sqliteCredentials(t, 'MD5'), algorithm: 'MD5' });
    const url = await serveDocument(t, document(registrar, 'MD5'));
    const first = await startPhone(t, phone, { url });
    await first.waitRegistered(address);
    await first.quit();
    assert.match(first.rc(), /^reg_identity=.*sip:alice@sip\.example\.test/m);
    await registrar.forget(address);
    await registrar.forget(address);
    assert.deepEqual(await registrar.registered(), []);

    const again = await startPhone(t, phone, { directory: first.directory });
    await again.waitRegistered(address);
    assert.deepEqual(await registrar.registered(), [address]);
  });

  test(`a ${phone.name} fetches its configuration by HTTPS only through a Caddy that it trusts`, async (t) => {
    if (!requirePrograms(t, { ...needed, ...caddyPrograms })) return;
    const registrar = await start(t, { database: await sqliteCredentials(t, 'MD5'), algorithm: 'MD5' });
    const upstream = new URL(await serveDocument(t, document(registrar, 'MD5')));
    const caddy = await startCaddy(upstream.host);
    t.after(() => caddy.stop());
    const url = `${caddy.url}${upstream.pathname}`;

    const distrustful = await startPhone(t, phone, { url });
    await distrustful.waitForLog(/SSL handshake failed : X509/);
    assert.doesNotMatch(distrustful.log(), /SIP\/2\.0/);
    const linphone = await startPhone(t, phone, { url, caFile: caddy.caFile });
    await linphone.waitRegistered(address);
    assert.deepEqual(await registrar.registered(), [address]);
  });
}

interface Account {
  domain?: string;
  realm?: string;
  password?: string;
}

async function registersAndIsKnown(
  t: TestContext,
  phone: Phone,
  database: RegistrarDatabase,
  algorithm: Algorithm,
): Promise<void> {
  const registrar = await start(t, { database, algorithm });
  const linphone = await startPhone(t, phone, { url: await serveDocument(t, document(registrar, algorithm)) });
  await linphone.waitRegistered(address);
  assert.deepEqual(await registrar.registered(), [address]);
}

async function start(t: TestContext, options: { database: RegistrarDatabase; algorithm: Algorithm }) {
  const registrar = await startRegistrar({ ...options, table: tables[options.algorithm] });
  t.after(() => registrar.stop());
  return registrar;
}

async function startPhone(t: TestContext, phone: Phone, options: LinphoneOptions): Promise<Linphone> {
  const linphone = await phone.start(options);
  t.after(() => linphone.quit());
  return linphone;
}

function ha1(
  algorithm: Algorithm,
  { domain = 'sip.example.test', realm = domain, password = 'secret' }: Account,
): string {
  return hash(algorithm === 'MD5' ? 'md5' : 'sha256', `alice:${realm}:${password}`);
}

const createTable = (table: string) =>
  `create table ${table} (username text not null, domain text not null, realm text not null, ha1 text not null)`;

function row(algorithm: Algorithm, account: Account): string[] {
  const { domain = 'sip.example.test', realm = domain } = account;
  return ['alice', domain, realm, ha1(algorithm, account)];
}

/** Its writer keeps it open, as Ringup does. */
async function sqliteCredentials(
  t: TestContext,
  algorithm: Algorithm,
  account: Account = {},
): Promise<{ sqlite: string }> {
  const sqlite = join(tempDirectory(), 'ringup.sqlite');
  const writer = new Sqlite(sqlite);
  t.after(() => writer.close());
  writer.pragma('journal_mode = WAL');
  writer.exec(createTable(tables[algorithm]));
  writer.prepare(`insert into ${tables[algorithm]} values (?, ?, ?, ?)`).run(row(algorithm, account));
  return { sqlite };
}

async function postgresCredentials(t: TestContext, algorithm: Algorithm): Promise<RegistrarDatabase> {
  const server = await startPostgres();
  t.after(() => server.stop());
  const postgres = await server.createDatabase();
  const client = new pg.Client({ connectionString: postgres });
  await client.connect();
  await client.query(createTable(tables[algorithm]));
  await client.query(`insert into ${tables[algorithm]} values ($1, $2, $3, $4)`, row(algorithm, {}));
  await client.end();
  return { postgres };
}

function document({ port }: Registrar, algorithm: Algorithm, account: Account = {}): string {
  const { domain = 'sip.example.test', realm = domain } = account;
  const sections = {
    misc: { transient_provisioning: '1' },
    proxy_0: {
      reg_identity: `&lt;sip:alice@${domain}&gt;`,
      reg_proxy: `&lt;sip:127.0.0.1:${port};transport=tcp&gt;`,
      reg_sendregister: '1',
      realm,
    },
    auth_info_0: { username: 'alice', ha1: ha1(algorithm, account), realm, domain, algorithm },
  };
  const body = Object.entries(sections).map(([name, entries]) => {
    const lines = Object.entries(entries).map(
      ([key, value]) => `<entry name="${key}" overwrite="true">${value}</entry>`,
    );
    return `<section name="${name}">${lines.join('')}</section>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<config xmlns="http://www.linphone.org/xsds/lpconfig.xsd">${body.join('')}</config>`;
}

async function serveDocument(t: TestContext, xml: string): Promise<string> {
  const headers = { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(xml) };
  const server = createServer((_request, response) => response.writeHead(200, headers).end(xml));
  t.after(() => server.close().closeAllConnections());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const listening = server.address();
  assert(listening !== null && typeof listening === 'object');
  return `http://127.0.0.1:${listening.port}/document`;
}
