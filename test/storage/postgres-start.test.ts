import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { environmentOf, openTerminal } from '../support/cli.ts';
import { executeSql, hasPostgres, type Postgres, startPostgres } from '../support/postgres.ts';

const start = async (url: string) => {
  const { status, err } = await openTerminal(environmentOf(url))('serve');
  assert.equal(status, 1);
  return err;
};

describe('a start on PostgreSQL that cannot work', { skip: !hasPostgres() }, () => {
  let postgres: Postgres;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres.stop());

  test('ends in one line that says how to get back if the schema is not that of the first start', async () => {
    const url = await postgres.createDatabase();
    const ofSchema = (schema: string) => `${url}?options=-c%20search_path%3D${schema}`;
    await executeSql(url, 'create schema first; create schema second');
    const { status, err } = await openTerminal(environmentOf(ofSchema('first')))('migrate');
    assert.equal(status, 0, err);
    const refused = await start(ofSchema('second'));
    assert.match(refused, /^The tables are in the schema "first", and the search_path is "second": append .+\n$/);
    assert.ok(refused.includes(new URL(ofSchema('first')).search), refused);
    const back = await openTerminal(environmentOf(ofSchema('first')))('account list');
    assert.equal(back.status, 0, back.err);
  });

  test('ends in one line if the schema does not exist', async () => {
    const url = `${await postgres.createDatabase()}?options=-c%20search_path%3Dnobody`;
    assert.match(
      await start(url),
      /^The database cannot be used: .+ Check the name of the database and its search_path.+\n$/,
    );
  });

  test('ends in one line if the database does not exist', async () => {
    const url = Object.assign(new URL(postgres.url), { pathname: '/nobody' }).href;
    assert.match(
      await start(url),
      /^The database cannot be used: database "nobody" does not exist\. Check the name .+\n$/,
    );
  });

  test('ends in one line if the role has no connection left', async () => {
    const url = await postgres.createDatabase();
    const name = `role_${new URL(url).pathname.slice(-6)}`;
    await executeSql(url, `create role ${name} login password 'sesame' connection limit 0`);
    const said = await start(Object.assign(new URL(url), { username: name, password: 'sesame' }).href);
    await executeSql(url, `drop role ${name}`);
    assert.match(said, /^The database cannot be used: too many connections for role .+ Raise .+ opens up to 10\..+\n$/);
  });

  test('ends in one line without the password if the password is wrong', async () => {
    const url = Object.assign(new URL(postgres.url), { password: 'sesame' }).href;
    const said = await start(url);
    assert.match(
      said,
      /^The database cannot be used: password authentication failed .+ Check the role, its password.+\n$/,
    );
    assert.doesNotMatch(said, /sesame/);
  });
});

// One database: SQLite has no server.
describe('a start on a server that is not PostgreSQL', () => {
  const say = async (greeting: string | undefined, query: string) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      if (greeting !== undefined) socket.once('data', () => socket.end(greeting));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      return await start(`postgres://u:sesame@127.0.0.1:${(server.address() as AddressInfo).port}/x${query}`);
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  };

  for (const query of ['', '?sslmode=disable', '?sslmode=require']) {
    test(`ends in one line if the server accepts connections and says nothing, with ${query || 'no sslmode'}`, async () => {
      assert.match(
        await say(undefined, query),
        /^The database cannot be used: .+ Check that the database server runs .+\n$/,
      );
    });

    test(`ends in one line if the server speaks HTTP, with ${query || 'no sslmode'}`, async () => {
      assert.match(
        await say('HTTP/1.1 400 Bad Request\r\n\r\n', query),
        /^The database cannot be used: .+\. [A-Z].+\n$/,
      );
    });
  }
});
