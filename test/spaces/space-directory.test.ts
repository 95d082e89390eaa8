import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { KyselyPlugin } from 'kysely';
import { createSpace } from '../../src/administration/create-space.ts';
import { operator } from '../../src/events/actor.ts';
import { SpaceDirectory } from '../../src/spaces/space-directory.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('the directory of spaces', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const add = (domain: string, host?: string) =>
    createSpace(t.app, operator, { domain, ...(host === undefined ? {} : { host }) });
  const domainFor = (host: string) => t.app.spaces.forHost(host).domain;

  test('distinguishes spaces on different ports of one host, and gives the name without a port to the first one', async () => {
    await add('one.example.test', 'ports.example.test:8443');
    await add('two.example.test', 'ports.example.test:9443');
    assert.equal(domainFor('ports.example.test:8443'), 'one.example.test');
    assert.equal(domainFor('Ports.example.test:9443'), 'two.example.test');
    assert.equal(domainFor('ports.example.test'), 'one.example.test');
    assert.equal(domainFor('ports.example.test:443'), 'one.example.test');
    await add('three.example.test', 'ports.example.test');
    assert.equal(domainFor('ports.example.test:9443'), 'two.example.test');
    assert.equal(domainFor('ports.example.test'), 'three.example.test');
    assert.equal(domainFor('ports.example.test:443'), 'three.example.test');
  });

  test('never puts an older list back when two refreshes overlap', async () => {
    const [loaded, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let holds = false;
    const slowly: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        if (holds && result.rows[0]?.domain !== undefined) {
          holds = false;
          loaded.resolve();
          await released.promise;
        }
        return result;
      },
    };
    const directory = await SpaceDirectory.open(t.app.database.withPlugin(slowly));
    await add('older.example.test');
    holds = true;
    const slow = directory.refresh();
    await loaded.promise;
    await add('newer.example.test');
    await directory.refresh();
    released.resolve();
    await slow;
    assert.equal(directory.findByDomain('newer.example.test')?.domain, 'newer.example.test');
  });
});
