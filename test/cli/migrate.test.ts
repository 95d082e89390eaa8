import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialectOf } from '../../src/storage/dialect.ts';
import { environmentOf, openTerminal, type Terminal } from '../support/cli.ts';
import { forEachDatabase } from '../support/databases.ts';
import { migrationNames } from '../support/migrations.ts';

const migrations = migrationNames;

forEachDatabase('ringup migrate', (_, makeEmptyUrl) => {
  async function terminal(): Promise<{ ringup: Terminal; embedded: boolean }> {
    const url = await makeEmptyUrl();
    const embedded = dialectOf(url) === 'sqlite';
    return {
      ringup: openTerminal(environmentOf(url)),
      embedded,
    };
  }

  test('shows what is pending with --status, and applies it without', async () => {
    const { ringup } = await terminal();
    for (let time = 0; time < 2; time += 1) {
      assert.deepEqual((await ringup('migrate --status --json')).json, { applied: [], pending: migrations });
    }
    assert.equal((await ringup('migrate')).out, `${migrations.map((name) => `${name}  applied now`).join('\n')}\n`);
    assert.deepEqual((await ringup('migrate --status --json')).json, { applied: migrations, pending: [] });
    assert.deepEqual((await ringup('migrate --json')).json, { applied: migrations, pending: [] });
    assert.equal((await ringup('migrate')).out, `${migrations.map((name) => `${name}  applied`).join('\n')}\n`);
  });

  test('other commands migrate a SQLite file themselves, and are refused if PostgreSQL has to be migrated', async () => {
    const { ringup, embedded } = await terminal();
    if (embedded) await ringup('migrate');
    const { status, out, err } = await ringup('account add alice --json');
    if (embedded) {
      assert.equal(status, 0);
      return;
    }
    assert.deepEqual([status, out], [1, '']);
    assert.equal(err, `The database lacks ${migrations.join(', ')}: run \`./ringup migrate\` first.\n`);
    assert.deepEqual((await ringup('migrate --status --json')).json.pending, migrations);
    await ringup('migrate');
    assert.equal((await ringup('account add alice --json')).status, 0);
  });

  test('two migrations that run at once both succeed', async () => {
    const { ringup } = await terminal();
    const both = await Promise.all([ringup('migrate --json'), ringup('migrate --json')]);
    for (const { status, json } of both) {
      assert.equal(status, 0);
      assert.deepEqual(json, { applied: migrations, pending: [] });
    }
  });

  test('creates a database that all commands can use', async () => {
    const { ringup } = await terminal();
    await ringup('migrate');
    await ringup('space set sip.example.test algorithms=SHA-256,MD5');
    const alice = (await ringup('account add alice --activated --json')).json;
    await ringup('account add bob --json');
    assert.equal((await ringup('account add bob')).err, 'username "bob" is already taken in this domain.\n');
    await ringup('contact add alice bob');
    await ringup('external set alice --username u --domain d.test --password p');
    assert.equal((await ringup('contact list alice --json')).json[0].username, 'bob');
    assert.equal((await ringup('account list --json --search ALI')).json[0].id, alice.id);
    assert.equal((await ringup('export kamailio --json')).json.length, 2);
    const key = (await ringup('api-key create alice --expires 1h --json')).json;
    assert.deepEqual((await ringup('api-key list --json')).json[0].id, key.id);
    assert.match((await ringup('preview alice')).out, /<section name="proxy_1">/);
    const check = await ringup('check --json');
    assert.deepEqual([check.status, check.json.database], [0, { wrong: [], unwise: [] }]);
    assert.equal((await ringup('account delete alice --yes')).status, 0);
    assert.deepEqual((await ringup('api-key list --json')).json, []);
  });
});
