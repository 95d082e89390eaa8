import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase, type MakeUrl, migrated } from '../support/databases.ts';
import type { Json } from '../support/json.ts';
import { hasPostgres, type Postgres, startPostgres } from '../support/postgres.ts';

const upper = 'ÉVA@Straße.example';
const lower = 'éva@Straße.example';
const spelledOtherwise = 'ÉvA@sTRAßE.EXAMPLE';

async function sends(t: TestApp, file: string, query: string): Promise<Json> {
  const headers = { 'x-api-key': t.adminKey, 'content-type': 'text/csv' };
  const url = `/api/accounts/import?on_duplicate=update${query}`;
  return (await t.server.inject({ method: 'POST', url, headers, payload: file })).json();
}

function counts({ create, update, unchanged, refused }: Json): readonly number[] {
  return [create, update, unchanged, refused];
}

/** The same for every database, and for whatever language a database on PostgreSQL was created in. */
function foldAsciiOnly(makeUrl: MakeUrl): void {
  const opens = (title: string, use: (t: TestApp) => Promise<void>) =>
    test(title, async (context) => {
      const t = await openTestApp(await makeUrl());
      context.after(() => t.close());
      await use(t);
    });
  const find = (t: TestApp, email: string) =>
    t.api('GET', `/api/accounts/${encodeURIComponent(email)}/search-by-email`);

  opens('a search finds an address whatever the case of A to Z, and other letters as they are written', async (t) => {
    const { id } = await t.makeAccount({ email: upper });
    for (const email of [upper, spelledOtherwise]) assert.equal((await find(t, email)).json.id, id, email);
    assert.equal((await find(t, lower)).status, 404);
  });

  opens(
    'addresses that differ in the case of A to Z are one, and those that differ in other letters are two',
    async (t) => {
      const body = { password: 'long enough' };
      const status = async (username: string, email: string) =>
        (await t.api('POST', '/api/accounts', { ...body, username, email })).status;
      assert.equal(await status('first', upper), 200);
      assert.equal(await status('same', spelledOtherwise), 422);
      assert.equal(await status('other', lower), 200);
    },
  );

  opens('an import decides in a dry run what it does when it writes', async (t) => {
    await t.makeAccount({ email: upper });
    for (const [file, expected] of [
      [`name,email\nEva,${upper}\n`, [0, 1, 0, 0]],
      [`name,email\nEva,${spelledOtherwise}\n`, [0, 0, 1, 0]],
      [`name,email\nEva,${lower}\n`, [1, 0, 0, 0]],
      [`username,email\nthief,${spelledOtherwise}\n`, [0, 0, 0, 1]],
      [`username,email\none,Ö@x.example\ntwo,Ö@X.example\nthree,ö@x.example\n`, [2, 0, 0, 1]],
    ] as const) {
      assert.deepEqual(counts(await sends(t, file, '&dry_run=true')), expected, `dry: ${file}`);
      const written = await sends(t, file, '&partial=true');
      assert.deepEqual(counts(written), expected, `${file}${JSON.stringify(written)}`);
    }
  });
}

forEachDatabase('mail addresses', (makeUrl) => foldAsciiOnly(makeUrl));

describe('mail addresses on PostgreSQL, in a database that knows the case of all letters', {
  skip: !hasPostgres(),
}, () => {
  let postgres: Postgres;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres.stop());

  foldAsciiOnly(async () => migrated(await postgres.createDatabase(undefined, 'C.UTF-8')));
});
