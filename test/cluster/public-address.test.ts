import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { KyselyPlugin } from 'kysely';
import { setPublicUrl } from '../../src/administration/set-public-url.ts';
import { PublicAddress } from '../../src/cluster/public-address.ts';
import { operator } from '../../src/events/actor.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('the public address', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl(), { RINGUP_PUBLIC_URL: '' });
  });
  after(() => t.close());

  test('remains the newer one if an older read ends later', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: read, resolve: hasRead } = Promise.withResolvers<void>();
    let count = 0;
    const holdFirst: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        count += 1;
        if (count === 1) {
          hasRead();
          await released;
        }
        return result;
      },
    };
    const address = new PublicAddress(t.app.database.withPlugin(holdFirst), {
      own: 'http://127.0.0.1',
      isFixed: false,
    });
    const older = address.refresh();
    await read;
    await setPublicUrl(t.app, operator, 'http://127.0.0.1:9');
    await address.refresh();
    assert.equal(address.url, 'http://127.0.0.1:9');
    release();
    await older;
    assert.equal(address.url, 'http://127.0.0.1:9');
  });
});
