import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, mock, test } from 'node:test';
import { exampleCalls } from '../../scripts/example-calls.ts';
import { facesOf, routesOf } from '../../src/server.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { sqliteUrl } from '../support/databases.ts';
import { addressOf, assertDescribed, type Operation, operationsOf } from '../support/openapi.ts';
import { hasPostgres } from '../support/postgres.ts';
import { startCluster } from '../support/postgres-cluster.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const routes = routesOf(facesOf(''));
/** A browser and a program are told of a failure in different ways. */
const kinds = ['*/*', 'text/html'];
const aSession = `__Host-ringup_session=${'a'.repeat(43)}`;

function ask(t: TestApp, operation: Operation, accept: string) {
  const { method, name } = operation;
  const { body, url = '' } = exampleCalls.find(({ call }) => call === name) ?? {};
  const query = url.includes('?') ? url.slice(url.indexOf('?')) : '';
  const headers = { 'x-api-key': t.adminKey, cookie: aSession, accept, 'x-linphone-provisioning': '1' };
  return t.server.inject({
    method,
    url: `${addressOf(operation)}${query}`,
    headers,
    ...(body === undefined ? {} : { payload: Object(body) }),
  });
}

describe('a server whose database does not run', { skip: !hasPostgres() }, () => {
  let t: TestApp;
  let operations: Operation[];
  before(async () => {
    const cluster = await startCluster();
    t = await openTestApp(cluster.url);
    operations = operationsOf((await t.api('GET', '/api/openapi.json')).json);
    await cluster.stop();
  });
  after(() => t.close());

  for (const accept of kinds) {
    test(`returns 503 as the document says, unless the operation needs no database, to Accept: ${accept}`, async () => {
      for (const operation of operations) {
        const answer = await ask(t, operation, accept);
        assertDescribed(operation, answer);
        assert.equal(answer.statusCode === 503, 503 in operation.description.responses, operation.name);
        if (answer.statusCode === 503) assert.equal(answer.headers['retry-after'], '1', operation.name);
      }
    });
  }
});

// One database: no query fails here.
describe('a bug in the server', () => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(sqliteUrl(join(tempDirectory(), 'ringup.sqlite')));
  });
  after(() => t.close());

  const fail = async (): Promise<never> => {
    throw new TypeError('a bug with a detail');
  };
  /** The server has endpoints of its own where one face needs another. */
  const askWithBrokenLookUps = async (operation: Operation, accept: string) => {
    const lookUps = mock.method(t.app.database, 'rows', fail);
    const answer = await ask(t, operation, accept);
    lookUps.mock.restore();
    return answer;
  };

  for (const accept of kinds) {
    test(`returns 500 as the document says, and reveals nothing, to Accept: ${accept}`, async () => {
      for (const operation of operationsOf((await t.api('GET', '/api/openapi.json')).json)) {
        const route = routes.find(
          ({ method, path }) => operation.name === `${method} ${path.replace(/:(\w+)/g, '{$1}')}`,
        );
        assert.ok(route !== undefined, operation.name);
        // What is checked before the handler is the business of other tests.
        const handling = mock.method(route.endpoint, 'handle', fail);
        const handled = await ask(t, operation, accept);
        handling.mock.restore();
        const answer = handling.mock.callCount() > 0 ? handled : await askWithBrokenLookUps(operation, accept);
        assert.equal(answer.statusCode, 500, operation.name);
        assertDescribed(operation, answer);
        assert.doesNotMatch(answer.body, /a detail/);
      }
    });
  }
});
