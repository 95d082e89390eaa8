import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTestApp, type TestApp } from '../support/app.ts';
import { environmentOf } from '../support/cli.ts';
import { requirePrograms } from '../support/debian.ts';
import { executeSql, hasPostgres, postgresPrograms } from '../support/postgres.ts';
import { type Cluster, startCluster } from '../support/postgres-cluster.ts';
import { type ServingProcess, startServe } from '../support/serve.ts';
import { waitUntil } from '../support/wait-until.ts';

const terminateAll = `select pg_terminate_backend(pid) from pg_stat_activity
  where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> 'test'`;
const generousMs = 120_000;
const [terminations, restarts, phones, codesARound] = [25, 6, 4, 24];

/** What somebody was told, while connections ended under the server. */
interface Acknowledged {
  readonly run: string;
  readonly documents: Map<string, number>;
  readonly accounts: string[];
  failures: number;
  unexpected: string[];
}

/**
 * Redeems what is put into `codes` and creates accounts until it is aborted; each is asked for until it is answered.
 */
async function load(
  served: ServingProcess,
  t: TestApp,
  codes: string[],
  told: Acknowledged,
  signal: AbortSignal,
): Promise<void> {
  const phone = async (): Promise<void> => {
    while (!signal.aborted || codes.length > 0) {
      const code = codes.pop();
      if (code === undefined) await sleep(5);
      for (; code !== undefined; ) {
        const answer = await fetch(`${served.url}/provisioning/${code}`);
        const text = await answer.text();
        if (/auth_info_0/.test(text)) {
          told.documents.set(code, (told.documents.get(code) ?? 0) + 1);
          break;
        }
        told.failures += 1;
        if (answer.status !== 503) told.unexpected.push(`${answer.status} ${text.slice(0, 80)}`);
        if (answer.status === 200) break;
        await sleep(20);
      }
    }
  };
  const administrator = async (name: string): Promise<void> => {
    for (let count = 0; !signal.aborted; count += 1) {
      const username = `${name}${count}`;
      for (let again = false; ; again = true) {
        const answer = await fetch(`${served.url}/api/accounts`, {
          method: 'POST',
          headers: { 'x-api-key': t.adminKey, 'content-type': 'application/json' },
          body: JSON.stringify({ username, password: 'secret' }),
        });
        const text = await answer.text();
        const isThere = again && answer.status === 422 && /taken|exists/.test(text);
        if (answer.ok || isThere) {
          told.accounts.push(username);
          break;
        }
        told.failures += 1;
        if (answer.status !== 503) told.unexpected.push(`${answer.status} ${text.slice(0, 120)}`);
        await sleep(20);
      }
    }
  };
  await Promise.all([
    ...Array.from({ length: phones }, phone),
    administrator(`anna${told.run}-`),
    administrator(`bert${told.run}-`),
  ]);
}

describe('a server whose PostgreSQL ends connections', { skip: !hasPostgres() }, () => {
  let cluster: Cluster;
  let t: TestApp;
  let made = 0;
  before(async () => {
    // Here a restart must keep what was committed.
    cluster = await startCluster({ synchronous_commit: 'on' });
    t = await openTestApp(cluster.url);
  });
  after(async () => {
    await t.close();
    await cluster.stop();
  });

  async function underLoad(rounds: number, fault: () => Promise<void>): Promise<void> {
    const served = await startServe(environmentOf(cluster.url));
    try {
      const stock = await makeCodes(rounds * codesARound);
      const told: Acknowledged = {
        run: String(rounds),
        documents: new Map(),
        accounts: [],
        failures: 0,
        unexpected: [],
      };
      const [stop, codes] = [new AbortController(), [] as string[]];
      const loading = load(served, t, codes, told, stop.signal);
      for (let round = 0; round < rounds; round += 1) {
        // By what was answered, not by the clock: the fault comes in the middle of a round on any machine.
        const accounts = told.accounts.length;
        codes.push(...stock.splice(0, codesARound));
        const isUnderWay = () => codes.length <= codesARound / 2 && told.accounts.length > accounts;
        assert.ok(await waitUntil(isUnderWay, generousMs), `nothing is answered in round ${round}`);
        await fault();
      }
      stop.abort();
      await loading;
      assert.deepEqual(told.unexpected, []);
      await assertNothingLost(served, told);
      assert.equal(await served.stop(), 0, served.said());
      console.log(
        `rounds ${rounds}: ${told.documents.size} codes, ${told.accounts.length} accounts, ${told.failures} times 503`,
      );
    } finally {
      await served.kill();
    }
  }

  async function makeCodes(count: number): Promise<string[]> {
    const tokens: string[] = [];
    while (tokens.length < count) {
      const account = await t.makeAccount({ username: `phone${made}` });
      made += 1;
      tokens.push(await t.makeToken(account));
    }
    return tokens;
  }

  async function assertNothingLost(served: ServingProcess, told: Acknowledged): Promise<void> {
    assert.deepEqual(
      [...told.documents.values()].filter((count) => count !== 1),
      [],
    );
    const { database } = t.app;
    const answering = database.selectFrom('tokens').select('id').where('outcome', '=', 'answering');
    assert.ok(
      await waitUntil(async () => (await answering.execute()).length === 0, generousMs),
      'an outcome is missing',
    );
    for (const code of told.documents.keys()) {
      const again = await (await fetch(`${served.url}/provisioning/${code}`)).text();
      assert.doesNotMatch(again, /auth_info_0/, 'a used code was answered again');
    }
    const accounts = await database.selectFrom('accounts').select('username').execute();
    const names = new Set(accounts.map(({ username }) => username));
    assert.deepEqual(
      told.accounts.filter((name) => !names.has(name)),
      [],
    );
    assert.equal(names.size, accounts.length);
    const delivered = await database
      .selectFrom('events')
      .select(['token_id', (of) => of.fn.countAll<number>().as('count')])
      .where('kind', '=', 'delivered')
      .groupBy('token_id')
      .execute();
    assert.deepEqual(
      delivered.filter(({ count }) => Number(count) !== 1),
      [],
      'an answer was recorded twice',
    );
  }

  test('keeps running when every backend is terminated repeatedly, and loses nothing that it acknowledged', async () => {
    await underLoad(terminations, () => executeSql(cluster.url, terminateAll));
  });

  test('keeps running when the server restarts at once, and loses nothing that it acknowledged', async () => {
    await underLoad(restarts, () => cluster.restartImmediately());
  });
});

test('PostgreSQL is installed', (context) => void requirePrograms(context, postgresPrograms));
