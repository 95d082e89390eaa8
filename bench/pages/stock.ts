import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { addAllCountsUp } from '../../src/accounts/account-states.ts';
import { createAccount } from '../../src/administration/create-account.ts';
import { createSpace } from '../../src/administration/create-space.ts';
import { openApp } from '../../src/app.ts';
import { loadSettings } from '../../src/config/load-config.ts';
import { operator } from '../../src/events/actor.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { buildServer } from '../../src/server.ts';
import type { Bench } from '../bench.ts';
import type { Postgres } from '../installation/postgres.ts';
import { keepHouse, populate } from './populate.ts';

const spaces = 100;
const password = 'correct horse';
const quiet = { write: () => {} };

/** A server in this process with this many accounts, and an administrator who is signed in. */
export interface Stock {
  /** Requests a page. Returns how many milliseconds it took. Throws unless the page has this many rows. */
  get(path: string, rows: number): Promise<number>;
  close(): Promise<void>;
}

export async function openStock(bench: Bench, postgres: Postgres | undefined, accounts: number): Promise<Stock> {
  const url = await postgres?.createDatabase();
  const settings = loadSettings({
    RINGUP_DATA_DIR: mkdtempSync(join(bench.directory, 'pages-')),
    RINGUP_PUBLIC_URL: 'http://127.0.0.1:8099',
    ...(url === undefined ? {} : { RINGUP_DATABASE_URL: url }),
  });
  const app = await openApp(settings, { log: createLogger('error', quiet), migrates: true });
  const fields = { username: 'root', password, admin: true, activated: true };
  await createAccount(app, operator, app.spaces.first, { fields });
  for (let count = 1; count < spaces; count += 1) await createSpace(app, operator, { domain: `space${count}.test` });
  await populate(
    app.database,
    app.spaces.all.map(({ id }) => id),
    accounts,
  );
  await addAllCountsUp(app.database);
  await keepHouse(app.database, url !== undefined);
  const server = await buildServer(app, quiet);
  const headers = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
  const payload = new URLSearchParams({ username: 'root', password }).toString();
  const { cookies } = await server.inject({ method: 'POST', url: '/login', headers, payload });
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  return {
    async get(path, rows) {
      const startedAt = performance.now();
      const { statusCode, body } = await server.inject({ url: path, headers: { cookie, accept: 'text/html' } });
      const took = performance.now() - startedAt;
      const found = body.match(/<tr data-id=/g)?.length ?? 0;
      if (statusCode !== 200 || found !== rows)
        throw new Error(`${path}: ${statusCode}, ${found} rows in place of ${rows}`);
      return took;
    },
    async close() {
      await server.close();
      await app.close();
    },
  };
}
