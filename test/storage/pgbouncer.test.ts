import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openPostgres } from '../../src/storage/postgres.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { environmentOf, openTerminal } from '../support/cli.ts';
import { requirePrograms } from '../support/debian.ts';
import { pgbouncerVersions, startPgbouncer } from '../support/pgbouncer.ts';
import { executeSql, hasPostgres, type Postgres, startPostgres } from '../support/postgres.ts';
import { waitUntil } from '../support/wait-until.ts';

const terminateOthers = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()`;

/** Lets twelve phones race for each of three codes, and ends all connections of the pooler after each. */
async function raceForCodes(t: TestApp, url: string): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    const code = await t.makeToken(await t.makeAccount());
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => t.server.inject({ url: `/provisioning/${code}` })),
    );
    assert.deepEqual([...new Set(answers.map(({ statusCode }) => statusCode))], [200]);
    assert.equal(answers.filter(({ body }) => body.includes('auth_info_0')).length, 1);
    await executeSql(url, terminateOthers);
    assert.ok(await waitUntil(async () => (await t.api('GET', '/api/accounts')).status === 200));
  }
}

/** Returns the line by which a command refuses. */
async function refusedBy(ringup: ReturnType<typeof openTerminal>, command: string): Promise<string> {
  const { status, err } = await ringup(command);
  assert.equal(status, 1, command);
  return err.trimEnd();
}

for (const version of pgbouncerVersions) {
  describe(`behind pgbouncer ${version.name}`, { skip: !hasPostgres() }, () => {
    let postgres: Postgres;
    before(async () => {
      postgres = await startPostgres();
    });
    after(() => postgres.stop());

    const off = version.knowsPreparedStatements ? { max_prepared_statements: '0' } : {};
    const inTransactions = [
      { pool_mode: 'transaction', max_prepared_statements: '100' },
      { pool_mode: 'transaction', max_prepared_statements: '5' },
    ];
    for (const settings of [{ pool_mode: 'session' }, ...(version.knowsPreparedStatements ? inTransactions : [])]) {
      const title = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
      test(`each code has exactly one winner, and closed connections are replaced, with ${title.join(', ')}`, async (context) => {
        if (!requirePrograms(context, version.programs)) return;
        const url = await postgres.createDatabase();
        const pooler = await startPgbouncer(version, url, settings);
        context.after(() => pooler.stop());
        const t = await openTestApp(pooler.urlOf(url));
        await raceForCodes(t, url);
        await t.close();
      });
    }

    for (const [mode, says] of [
      ['transaction', /prepared statement "ringup_\w+" (does not exist|already exists)/],
      ['statement', /statement pooling mode/],
    ] as const) {
      test(`pool_mode = ${mode} is refused by serve, check and migrate alike, in a line that says what to do`, async (context) => {
        if (!requirePrograms(context, version.programs)) return;
        const url = await postgres.createDatabase();
        const pooler = await startPgbouncer(version, url, { pool_mode: mode, ...off });
        context.after(() => pooler.stop());
        await openTerminal(environmentOf(url))('migrate');
        const ringup = openTerminal(environmentOf(pooler.urlOf(url)));
        const { status, json } = await ringup('check --json');
        assert.equal(status, 1);
        const [checked, ...more] = json.database.wrong;
        assert.deepEqual(more, []);
        for (const refusal of [checked, await refusedBy(ringup, 'serve'), await refusedBy(ringup, 'migrate')]) {
          assert.match(
            refusal,
            /^The database cannot be used: .+ set pool_mode = session, or .+ max_prepared_statements .+$/,
          );
          assert.match(refusal, says);
        }
      });
    }

    test('pool_mode = transaction is refused each time, even by connections that keep statements of others', async (context) => {
      if (!requirePrograms(context, version.programs)) return;
      const url = await postgres.createDatabase();
      const pooler = await startPgbouncer(version, url, { pool_mode: 'transaction', ...off });
      context.after(() => pooler.stop());
      for (let round = 0; round < 50; round += 1) {
        await Promise.all(
          Array.from({ length: 3 }, async () => {
            const db = openPostgres(pooler.urlOf(url), () => {});
            await assert.rejects(db.requireSafe(), { code: 'database-unavailable' });
            await db.close();
          }),
        );
      }
    });

    test('a pooler that begins to lose prepared statements causes 503, and one line that says what to do', async (context) => {
      if (!requirePrograms(context, version.programs)) return;
      const url = await postgres.createDatabase();
      const first = await startPgbouncer(version, url, { pool_mode: 'session' });
      const t = await openTestApp(first.urlOf(url));
      const code = await t.makeToken(await t.makeAccount());
      await first.stop();
      const second = await startPgbouncer(version, url, { pool_mode: 'transaction', ...off }, first.port);
      context.after(() => second.stop());
      const lines = () =>
        t
          .logged()
          .split('\n')
          .filter((line) => line.includes('"why":"pooler"'));
      const ask = () => t.server.inject({ url: `/provisioning/${code}` });
      assert.ok(
        await waitUntil(async () => {
          const answers = await Promise.all(Array.from({ length: 12 }, ask));
          for (const { statusCode } of answers) assert.ok([200, 503].includes(statusCode), String(statusCode));
          return lines().length > 0;
        }),
      );
      assert.equal(lines().length, 1);
      assert.match(JSON.parse(lines()[0] ?? '').advice, /pool_mode = session/);
      assert.match(lines()[0] ?? '', /"code":"(26000|42P05)"|prepared statement/);
      await t.close();
    });
  });
}
