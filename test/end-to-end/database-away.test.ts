import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { openTestApp } from '../support/app.ts';
import { environmentOf } from '../support/cli.ts';
import { databaseKinds, type MakeUrl } from '../support/databases.ts';
import { hasPostgres } from '../support/postgres.ts';
import { type ServingProcess, startServe } from '../support/serve.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

/** Longer than anything here may take, but far less than what a server without limits takes. */
const limitMs = 90_000;
const phones = 5;

interface Place {
  /** For a server whose database goes away. */
  readonly environment: Readonly<Record<string, string>>;
  /** Takes the database away, and returns what brings it back. */
  takeAway(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

const places: Readonly<Record<string, (url: string) => Promise<Place>>> = {
  SQLite: async (url) => ({
    environment: environmentOf(url),
    takeAway: async () => {
      const other = new Sqlite(url);
      other.exec('begin immediate');
      return async () => void other.close();
    },
    stop: async () => {},
  }),
  PostgreSQL: async (url) => {
    const proxy = await startTcpProxy(url);
    return {
      environment: environmentOf(proxy.urlOf(url)),
      takeAway: async () => {
        proxy.swallow('all');
        return async () => proxy.heal();
      },
      stop: proxy.stop,
    };
  },
};

async function timed<T>(work: Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const start = performance.now();
  const result = await work;
  return { result, ms: performance.now() - start };
}

const fetched = async (served: ServingProcess, code: string): Promise<string> =>
  (await fetch(`${served.url}/provisioning/${code}`)).text();

for (const kind of databaseKinds) {
  const isThere = kind.name === 'SQLite' || hasPostgres();
  describe(`a server whose ${kind.name} falls silent`, { skip: !isThere, concurrency: 2 }, () => {
    let makeUrl: MakeUrl;
    let stopDatabases: () => Promise<void>;
    before(async () => {
      const databases = await kind.start();
      makeUrl = databases.makeUrl;
      stopDatabases = databases.stop;
    });
    after(() => stopDatabases());

    for (const awayMs of [0, 8_000]) {
      test(`does not answer a used code again after ${awayMs / 1000} s of silence and an orderly stop`, async (context) => {
        const url = await makeUrl();
        const place = await places[kind.name]?.(url);
        assert.ok(place !== undefined);
        const t = await openTestApp(url, environmentOf(url));
        const codes = [];
        for (let left = phones; left > 0; left -= 1) codes.push(await t.makeToken(await t.makeAccount()));
        const unused = await t.makeToken(await t.makeAccount());
        await t.close();
        const served = await startServe(place.environment);
        context.after(() => served.kill());
        const answers = await Promise.all(codes.map((code) => fetched(served, code)));
        for (const answer of answers) assert.match(answer, /auth_info_0/);
        const bringBack = await place.takeAway();
        const refused = await timed(fetch(`${served.url}/provisioning/${unused}`));
        assert.equal(refused.result.status, 503);
        assert.equal(refused.result.headers.get('retry-after'), '1');
        assert.ok(refused.ms < limitMs, `a request took ${refused.ms} ms`);
        await sleep(awayMs);
        const stopped = await timed(served.stop());
        assert.equal(stopped.result, 0, served.said());
        assert.ok(stopped.ms < limitMs, `stopping took ${stopped.ms} ms`);
        await bringBack();
        const again = await startServe(place.environment);
        context.after(() => again.stop());
        const repeated = await Promise.all(codes.map((code) => fetched(again, code)));
        const count = repeated.filter((answer) => answer.includes('auth_info_0')).length;
        context.diagnostic(
          `503 after ${Math.round(refused.ms)} ms, stopped after ${Math.round(stopped.ms)} ms, ${count} of ${phones} again`,
        );
        assert.equal(count, 0);
        assert.match(await fetched(again, unused), /auth_info_0/);
        await place.stop();
      });
    }
  });
}
