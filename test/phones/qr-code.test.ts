import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { qrSvg } from '../../src/lib/qr-code.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { expectedPicture, readPng } from '../support/qr-pictures.ts';

forEachDatabase('the QR code of a token', (makeUrl) => {
  let t: TestApp;
  let token: string;
  let url: string;
  before(async () => {
    t = await openTestApp(await makeUrl());
    token = await t.makeToken(await t.makeAccount());
    url = `https://ringup.example.test/provisioning/${token}`;
  });
  after(() => t.close());

  const get = (query = '', which = token, headers: Record<string, string> = {}) =>
    t.server.inject({ url: `/provisioning/qrcode/${which}${query}`, headers });

  for (const [query, suffix, size] of [
    ['', '', undefined],
    ['?reset_password', '?reset_password', undefined],
    ['?reset_password=1', '?reset_password', undefined],
    ['?other=1&reset_password=true', '?reset_password', undefined],
    ['?other=1', '', undefined],
    ['?size=100', '', 100],
    ['?size=512&format=png', '', 512],
    ['?size=2000&reset_password', '?reset_password', 2000],
  ] as const) {
    test(`qrcode${query} is the picture of the absolute address${suffix}, which is also in X-Qrcode-URL`, async () => {
      const answer = await get(query);
      assert.equal(answer.statusCode, 200);
      assert.equal(answer.headers['content-type'], 'image/png');
      assert.equal(answer.headers['cache-control'], 'no-store');
      assert.equal(answer.headers['x-qrcode-url'], `${url}${suffix}`);
      const picture = readPng(answer.rawPayload);
      if (size !== undefined) assert.equal(picture.length, size);
      assert.deepEqual(picture, expectedPicture(`${url}${suffix}`, size));
    });
  }

  test('format=svg returns the code as SVG', async () => {
    for (const [query, size] of [
      ['?format=svg', {}],
      ['?format=svg&size=300', { size: 300 }],
    ] as const) {
      const answer = await get(query);
      assert.equal(answer.headers['content-type'], 'image/svg+xml');
      assert.equal(answer.body, qrSvg(url, size));
      assert.equal(answer.headers['x-qrcode-url'], url);
    }
  });

  for (const query of [
    '?size=99',
    '?size=2001',
    '?size=',
    '?size=x',
    '?size=1e3',
    '?size=-200',
    '?size=100.5',
    '?size=99999999',
    '?format=gif',
    '?format=',
    '?format=SVG',
  ]) {
    test(`qrcode${query} is refused`, async () => {
      const answer = await get(query);
      assert.equal(answer.statusCode, 400);
      assert.match(String(answer.headers['content-type']), /^text\/plain/);
      assert.ok(answer.body.trim().split('\n').length === 1);
    });
  }

  test('the code of a space with its own host contains that host, never the one that was addressed', async () => {
    assert.equal((await get('', token, { host: 'evil.test' })).headers['x-qrcode-url'], url);
    await t.setSpace({ host: 'phones.example.test' });
    assert.equal((await get()).headers['x-qrcode-url'], `https://phones.example.test/provisioning/${token}`);
    await t.setSpace({ host: null });
  });

  test('the QR code of an invalid token returns 404 with one line of text', async () => {
    const account = await t.makeAccount();
    const used = await t.makeToken(account);
    await t.server.inject({ url: `/provisioning/${used}` });
    const expired = await t.makeToken(await t.makeAccount(), 1);
    t.advance(2);
    for (const which of [
      'unknown',
      used,
      expired,
      token.toLowerCase(),
      `${token}%00`,
      'x'.repeat(10_000),
      'me',
      'qrcode',
    ]) {
      for (const headers of [{}, { accept: 'text/html' }]) {
        const answer = await get('?reset_password', which, headers);
        assert.equal(answer.statusCode, 404, which.slice(0, 30));
        assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
        assert.equal(answer.headers['x-qrcode-url'], undefined);
        assert.equal(answer.headers['cache-control'], 'no-store');
      }
    }
  });

  test('showing the code uses nothing up', async () => {
    const before = await dumpDatabase(t.app.database);
    await Promise.all(['', '?reset_password', '?format=svg', '?size=1'].map((query) => get(query)));
    await t.server.inject({ method: 'HEAD', url: `/provisioning/qrcode/${token}?reset_password` });
    assert.deepEqual(await dumpDatabase(t.app.database), before);
    assert.match((await t.server.inject({ url: `/provisioning/${token}` })).body, /auth_info_0/);
    assert.equal((await get()).statusCode, 404);
  });
});

forEachDatabase('the QR code behind a path prefix', (makeUrl) => {
  test('contains the whole public URL', async () => {
    const t = await openTestApp(await makeUrl(), { RINGUP_PUBLIC_URL: 'http://192.0.2.1:8080/ring/up/' });
    try {
      const token = await t.makeToken(await t.makeAccount());
      for (const path of ['/provisioning/qrcode', '/ring/up/provisioning/qrcode']) {
        const answer = await t.server.inject({ url: `${path}/${token}` });
        assert.equal(answer.headers['x-qrcode-url'], `http://192.0.2.1:8080/ring/up/provisioning/${token}`);
      }
    } finally {
      await t.close();
    }
  });
});
