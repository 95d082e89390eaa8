import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { logoOf } from '../../src/spaces/logo.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { jpegPicture, pngPicture } from '../support/pictures.ts';

const space = '/api/spaces/sip.example.test';

forEachDatabase("a space's logo", (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const served = () => {
    const { hash } = logoOf(t.app.spaces.first) ?? assert.fail('no logo');
    return t.server.inject({ url: `/logo/${hash}` });
  };

  for (const [type, bytes] of [
    ['image/png', pngPicture(40, 30)],
    ['image/jpeg', jpegPicture(1024, 1024)],
  ] as const) {
    test(`is accepted as base64 and served as ${type} at an address that never changes`, async () => {
      const logo = bytes.toString('base64');
      assert.equal((await t.api('PUT', space, { logo })).status, 200);
      assert.equal((await t.api('GET', space)).json.logo, logo);
      const answer = await served();
      assert.equal(answer.statusCode, 200);
      assert.deepEqual(answer.rawPayload, bytes);
      assert.equal(answer.headers['content-type'], type);
      assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable');
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      assert.match(String(answer.headers['content-security-policy']), /sandbox/);
    });
  }

  test('is not found once it is removed, and neither is one with another hash', async () => {
    await t.api('PUT', space, { logo: pngPicture(8, 8).toString('base64') });
    const { hash } = logoOf(t.app.spaces.first) ?? assert.fail();
    await t.api('PUT', space, { logo: null });
    for (const each of [hash, 'x', '..%2f..']) {
      assert.equal((await t.server.inject({ url: `/logo/${each}` })).statusCode, 404);
    }
  });

  for (const [what, logo, mistake] of [
    ['is not base64', '%%%', 'must be a PNG or a JPEG'],
    ['is an SVG', Buffer.from('<svg/>').toString('base64'), 'must be a PNG or a JPEG'],
    [
      'is wider than 1,024 pixels',
      pngPicture(1025, 1).toString('base64'),
      'has 1025 × 1 pixels, and must not have more than 1024 × 1024',
    ],
    [
      'is larger than 200 kB',
      Buffer.concat([pngPicture(8, 8), Buffer.alloc(200_000)]).toString('base64'),
      'must not be larger than 200 kB',
    ],
  ] as const) {
    test(`is refused if it ${what}`, async () => {
      const { status, json } = await t.api('PUT', space, { logo });
      assert.equal(status, 422);
      assert.deepEqual(json.errors, { logo: [mistake] });
    });
  }
});
