import assert from 'node:assert/strict';
import { closeSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { openTestApp, type TestApp } from '../support/app.ts';
import { databaseKinds } from '../support/databases.ts';
import { executeSql, hasPostgres, type Postgres, startPostgres } from '../support/postgres.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Everybody but us loses the connection, and gets the new settings with the next. */
const reconnect = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()`;

const createAccount = (t: TestApp, username: string) =>
  t.api('POST', '/api/accounts', { username, password: 'secret' });
/** Asks when the last sign of life is too old to count. */
const isReady = async (t: TestApp) => {
  t.advance(1_000);
  return (await t.server.inject({ url: '/health/ready' })).statusCode === 200;
};
const linesWith = (t: TestApp, text: string) =>
  t
    .logged()
    .split('\n')
    .filter((line) => line.includes(text));

describe('a refusal by PostgreSQL', { skip: !hasPostgres() }, () => {
  let postgres: Postgres;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres.stop());

  const faults = [
    {
      title: 'read-only transactions',
      why: 'read-only',
      advice: /primary/,
      begin: 'alter database %I set default_transaction_read_only = on',
      end: 'begin read write; alter database %I reset default_transaction_read_only; commit',
    },
    {
      title: 'a table that is not there',
      why: 'missing',
      advice: /ringup migrate/,
      begin: 'alter table accounts rename to others',
      end: 'alter table others rename to accounts',
    },
    {
      title: 'a serialization failure',
      why: 'conflict',
      advice: /passes by itself/,
      begin: `create function fail() returns trigger language plpgsql as $f$ begin raise exception using errcode = '40001'; end $f$;
        create trigger fail before insert on accounts for each row execute function fail()`,
      end: 'drop trigger fail on accounts; drop function fail',
    },
    {
      title: 'queries that are cancelled',
      why: 'too-slow',
      advice: /pg_stat_activity/,
      begin: `create function cancel() returns trigger language plpgsql as $f$
          begin perform pg_cancel_backend(pg_backend_pid()), pg_sleep(60); return new; end $f$;
        create trigger cancel before insert on accounts for each row execute function cancel()`,
      end: 'drop trigger cancel on accounts; drop function cancel',
    },
  ];
  for (const { title, why, advice, begin, end } of faults) {
    test(`causes 503 and one line in the log: ${title}`, async () => {
      const url = await postgres.createDatabase();
      const t = await openTestApp(url);
      const run = (sql: string) => executeSql(url, sql.replace('%I', new URL(url).pathname.slice(1)));
      await run(begin);
      await run(reconnect);
      for (let count = 0; count < 5; count += 1) {
        const refused = await createAccount(t, `refused${count}`);
        assert.equal(refused.status, 503, refused.text);
        assert.equal(refused.headers['retry-after'], '1');
        assert.equal(refused.json.code, 'database-unavailable');
      }
      const lines = linesWith(t, `"why":"${why}"`);
      assert.equal(lines.length, 1, lines.join('\n'));
      assert.match(JSON.parse(lines[0] ?? '').advice, advice);
      if (why === 'read-only' || why === 'missing') assert.ok(await waitUntil(async () => !(await isReady(t))));
      await run(end);
      await run(reconnect);
      assert.ok(await waitUntil(async () => (await createAccount(t, 'later')).status !== 503));
      assert.ok(await waitUntil(() => isReady(t)));
      await t.close();
    });
  }

  test('causes 503 and one line in the log: a database that is no longer there', async () => {
    const url = await postgres.createDatabase();
    const name = new URL(url).pathname.slice(1);
    const t = await openTestApp(url);
    const rename = (from: string, to: string) =>
      waitUntil(async () => {
        // Connections come back meanwhile.
        const end = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${from}'`;
        await executeSql(postgres.url, end);
        return executeSql(postgres.url, `alter database ${from} rename to ${to}`).then(
          () => true,
          () => false,
        );
      });
    assert.ok(await rename(name, `${name}_away`));
    assert.ok(await waitUntil(async () => (await createAccount(t, 'first')).status === 503));
    assert.ok(await waitUntil(() => linesWith(t, '"why":"missing"').length > 0));
    const refused = await createAccount(t, 'refused');
    assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '1']);
    assert.equal(await isReady(t), false);
    const lines = linesWith(t, '"why":"missing"');
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(JSON.parse(lines[0] ?? '').advice, /name of the database/);
    assert.ok(await rename(`${name}_away`, name));
    assert.ok(await waitUntil(() => isReady(t)));
    await t.close();
  });

  test('causes 503 and makes the server not ready: a role without login, and a database without connections', async () => {
    const url = await postgres.createDatabase();
    const database = new URL(url).pathname.slice(1);
    const name = `role_${database.slice(-6)}`;
    await executeSql(url, `create role ${name} login password 'right'; grant all on schema public to ${name}`);
    await executeSql(url, `alter database ${database} owner to ${name}`);
    const t = await openTestApp(Object.assign(new URL(url), { username: name, password: 'right' }).href);
    for (const [begin, end] of [
      [`alter role ${name} nologin`, `alter role ${name} login`],
      [`alter database ${database} allow_connections false`, `alter database ${database} allow_connections true`],
    ] as const) {
      await executeSql(postgres.url, begin);
      await executeSql(
        postgres.url,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`,
      );
      // Until each connection of before has noticed its end, the reason may be that.
      assert.ok(await waitUntil(async () => /refuses access/.test((await createAccount(t, 'refused')).text)));
      assert.equal((await createAccount(t, 'refused')).status, 503);
      assert.equal(await isReady(t), false);
      await executeSql(postgres.url, end);
      assert.ok(await waitUntil(() => isReady(t)));
    }
    await t.close();
    await executeSql(postgres.url, `drop database ${database} with (force); drop role ${name}`).catch(() => {});
  });

  test('causes 503 and one line in the log: a login that is refused', async () => {
    const url = await postgres.createDatabase();
    const name = `role_${new URL(url).pathname.slice(-6)}`;
    await executeSql(url, `create role ${name} login superuser password 'right'`);
    const t = await openTestApp(Object.assign(new URL(url), { username: name, password: 'right' }).href);
    await executeSql(url, `alter role ${name} password 'wrong'`);
    await executeSql(url, reconnect);
    assert.ok(await waitUntil(async () => (await createAccount(t, 'refused')).status === 503));
    assert.ok(await waitUntil(() => linesWith(t, '"why":"refused"').length === 1));
    assert.equal(await isReady(t), false);
    await executeSql(url, `alter role ${name} password 'right'`);
    assert.ok(await waitUntil(() => isReady(t)));
    await t.close();
    await executeSql(url, `drop owned by ${name}`).catch(() => {});
  });
});

describe('an outage whose cause changes within a minute', { skip: !hasPostgres() }, () => {
  test('has one line for each cause, and counts what repeats', async (context) => {
    const postgres = await startPostgres();
    context.after(() => postgres.stop());
    const url = await postgres.createDatabase();
    const [database, role] = [new URL(url).pathname.slice(1), `role_${new URL(url).pathname.slice(-6)}`];
    const ofAdministrator = `${url}?options=-c%20default_transaction_read_only%3Doff`;
    await executeSql(url, `create role ${role} login superuser password 'right'`);
    const t = await openTestApp(Object.assign(new URL(url), { username: role, password: 'right' }).href);
    await t.app.startBackgroundWork();
    const causes = [
      [`alter database ${database} set default_transaction_read_only = on`, 'read-only', undefined],
      [`alter role ${role} password 'wrong'`, 'refused', '28P01'],
      [`alter role ${role} password 'right' nologin`, 'refused', '28000'],
    ] as const;
    const linesOf = (why: string, code = '') => linesWith(t, `"why":"${why}"`).filter((line) => line.includes(code));
    for (const [fault, why, code] of causes) {
      await executeSql(ofAdministrator, fault);
      await executeSql(ofAdministrator, reconnect);
      const lines = () => linesOf(why, code);
      assert.ok(await waitUntil(async () => (await createAccount(t, why)).status === 503 && lines().length > 0));
      for (let count = 0; count < 5; count += 1) assert.equal((await createAccount(t, why)).status, 503);
      assert.equal(lines().length, 1, lines().join('\n'));
      assert.equal(typeof JSON.parse(lines()[0] ?? '').advice, 'string');
    }
    await t.close();
    for (const [, why, code] of causes) {
      // One line counts what repeats within a minute.
      const [, ...counted] = linesOf(why, code).map((line) => JSON.parse(line).count);
      assert.ok(counted.reduce((sum, count) => sum + count, 0) >= 5, t.logged());
    }
  });
});

// One database: PostgreSQL has its own refusals above.
describe('a SQLite file under a running server', () => {
  const open = async () => {
    const { makeUrl } = (await databaseKinds[0]?.start()) ?? {};
    assert.ok(makeUrl !== undefined);
    const file = await makeUrl();
    return { file, t: await openTestApp(file) };
  };

  const refusals = [
    {
      title: 'has no room left',
      why: 'full',
      advice: /Free space/,
      begin: async (t: TestApp) => {
        const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(t.app.database);
        await sql`pragma max_page_count = ${sql.lit(rows[0]?.page_count)}`.execute(t.app.database);
      },
      end: (t: TestApp) => sql`pragma max_page_count = 1000000`.execute(t.app.database),
    },
    {
      title: 'may not be written',
      why: 'read-only',
      advice: /writable for this user/,
      begin: (t: TestApp) => sql`pragma query_only = on`.execute(t.app.database),
      end: (t: TestApp) => sql`pragma query_only = off`.execute(t.app.database),
    },
  ];
  for (const { title, why, advice, begin, end } of refusals) {
    test(`causes 503 and one line in the log if it ${title}, until that is over`, async () => {
      const { t } = await open();
      await begin(t);
      let tries = 0;
      // The last page still has room for some.
      assert.ok(await waitUntil(async () => (await createAccount(t, `first${tries++}`)).status === 503));
      for (let count = 0; count < 5; count += 1) {
        const refused = await createAccount(t, `refused${count}-${'x'.repeat(40)}`);
        assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '1'], refused.text);
      }
      const lines = linesWith(t, `"why":"${why}"`);
      assert.equal(lines.length, 1, lines.join('\n'));
      assert.match(JSON.parse(lines[0] ?? '').advice, advice);
      await end(t);
      assert.equal((await createAccount(t, 'later')).status, 200);
      await t.close();
    });
  }

  test('causes 503 and one line in the log if it is damaged', async () => {
    const { file, t } = await open();
    const account = await t.makeAccount();
    const other = new Sqlite(file);
    const pageSize = Number(other.pragma('page_size', { simple: true }));
    const { rootpage } = other.prepare("select rootpage from sqlite_schema where name = 'accounts'").get() as {
      rootpage: number;
    };
    // What another connection changes, the server reads anew.
    other.exec('update accounts set updated_at = updated_at + 1');
    other.pragma('wal_checkpoint(truncate)');
    other.close();
    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, Buffer.alloc(pageSize, 0xee), 0, pageSize, (rootpage - 1) * pageSize);
    closeSync(descriptor);
    for (let count = 0; count < 5; count += 1) {
      const refused = await t.api('GET', `/api/accounts/${account.id}`);
      assert.equal(refused.status, 503, refused.text);
      assert.equal(refused.json.code, 'database-unavailable');
    }
    const lines = linesWith(t, '"why":"damaged"');
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(JSON.parse(lines[0] ?? '').advice, /restore a backup/);
    await t.close();
  });

  test('makes the server not ready, but leaves it reachable, while another program keeps it locked', async () => {
    const { file, t } = await open();
    await t.app.startBackgroundWork();
    assert.ok(await waitUntil(() => isReady(t)));
    const other = new Sqlite(file);
    other.exec('begin immediate');
    assert.ok(await waitUntil(async () => !(await isReady(t))));
    assert.equal((await t.server.inject({ url: '/health/live' })).statusCode, 200);
    assert.equal((await t.api('GET', '/api/accounts')).status, 200);
    other.close();
    assert.ok(await waitUntil(() => isReady(t)));
    await t.close();
  });

  for (const [title, change] of [
    ['is deleted', (file: string) => rmSync(file)],
    [
      'is replaced',
      (file: string) => {
        renameSync(file, `${file}.before`);
        writeFileSync(file, '');
      },
    ],
  ] as const) {
    test(`makes the server not ready, and the log say what to do, if it ${title}`, async () => {
      const { file, t } = await open();
      assert.ok(await waitUntil(() => isReady(t)));
      change(file);
      assert.equal(await isReady(t), false);
      assert.equal(await isReady(t), false);
      const lines = linesWith(t, '"why":"replaced"');
      assert.equal(lines.length, 1);
      assert.match(JSON.parse(lines[0] ?? '').advice, /Restart/);
      await t.close();
    });
  }
});

describe('any default_transaction_isolation', { skip: !hasPostgres() }, () => {
  for (const level of ['repeatable read', 'serializable']) {
    test(`gives each code one winner, and no request an error: ${level}`, async (context) => {
      const postgres = await startPostgres();
      context.after(() => postgres.stop());
      const url = await postgres.createDatabase();
      await executeSql(
        url,
        `alter database ${new URL(url).pathname.slice(1)} set default_transaction_isolation = '${level}'`,
      );
      const t = await openTestApp(url);
      for (let round = 0; round < 5; round += 1) {
        const code = await t.makeToken(await t.makeAccount());
        const answers = await Promise.all(
          Array.from({ length: 12 }, () => t.server.inject({ url: `/provisioning/${code}` })),
        );
        const outcomes = answers.map(({ statusCode, body }) => (statusCode === 200 ? 'answered' : body));
        assert.deepEqual([...new Set(outcomes)], ['answered']);
        assert.equal(answers.filter(({ body }) => body.includes('auth_info_0')).length, 1);
        const created = await Promise.all(Array.from({ length: 6 }, () => createAccount(t, `same${round}`)));
        assert.deepEqual(created.map(({ status }) => status).toSorted(), [200, 422, 422, 422, 422, 422]);
      }
      await t.close();
    });
  }
});
