import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import type { AnsweredWith } from '../../src/http/sent.ts';
import { buildServer } from '../../src/server.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { phonesOf } from '../support/phone.ts';

const html = { accept: 'text/html' };
const scanner = { 'user-agent': 'WhatsApp/2' };
const noPhone = { referer: 'https://mail.example.com/' };
const phone = { 'user-agent': 'LinphoneAndroid/6.0.0', 'x-linphone-provisioning': '1' };

forEachDatabase('the record of the answer to a request for a configuration', (makeUrl) => {
  let t: TestApp;
  let server: FastifyInstance;
  let seen: AnsweredWith | undefined;
  before(async () => {
    t = await openTestApp(await makeUrl());
    server = await buildServer(t.app, undefined, (request) => {
      seen = request.answeredWith;
    });
  });
  after(async () => {
    await server.close();
    await t.close();
  });

  const ask = async (path: string, headers: Record<string, string>, method: 'GET' | 'HEAD' = 'GET') => {
    seen = undefined;
    const { statusCode, body } = await server.inject({ method, url: `/provisioning${path}`, headers });
    return { status: statusCode, hasAccount: body.includes('auth_info_0'), seen };
  };

  test('names the account, the page, the preview or the base document for each visitor of a code', async () => {
    const token = `/${await t.makeToken(await t.makeAccount())}`;
    const answers: readonly (readonly [Record<string, string>, AnsweredWith])[] = [
      [html, 'landing-page'],
      [scanner, 'preview'],
      [noPhone, 'base-for-no-phone'],
      [phone, 'account'],
      [phone, 'base'],
      [noPhone, 'base-for-no-phone'],
      [html, 'landing-page'],
    ];
    for (const [headers, seen] of answers) {
      assert.deepEqual(await ask(token, headers), { status: 200, hasAccount: seen === 'account', seen });
    }
    assert.equal((await ask('', phone)).seen, 'base');
    assert.equal((await ask('/unknown', phone)).seen, 'base');
  });

  test('names the account for one of eight phones that ask at once', async () => {
    const token = await t.makeToken(await t.makeAccount());
    const all: (AnsweredWith | undefined)[] = [];
    const other = await buildServer(t.app, undefined, (request) => all.push(request.answeredWith));
    const url = `/provisioning/${token}`;
    await Promise.all(Array.from({ length: 8 }, () => other.inject({ url, headers: phone })));
    assert.deepEqual(all.sort(), ['account', ...Array<AnsweredWith>(7).fill('base')]);
    await other.close();
  });

  test("names the account for a caller's own document, and the ending for a revoked device", async () => {
    await t.setSpace({ refetch: 'every-start' });
    const account = await t.makeAccount({ activated: true });
    const { key, address } = await phonesOf(t).redeem(await t.makeToken(account), phone);
    const path = address.replace('/provisioning', '');
    const own = { ...phone, 'x-device-key': key };
    assert.deepEqual(await ask(path, own), { status: 200, hasAccount: true, seen: 'account' });
    const [uuid] = Object.keys((await t.api('GET', `/api/accounts/${account.id}/devices`)).json);
    await t.api('DELETE', `/api/accounts/${account.id}/devices/${uuid}`);
    assert.equal((await ask(path, own)).seen, 'ending');
  });

  test('is empty if the request is refused or only shows the code', async () => {
    await t.setSpace({ unknown_token: 'not-found' });
    assert.deepEqual(await ask('/unknown', phone), { status: 404, hasAccount: false, seen: undefined });
    assert.deepEqual(await ask('/me', {}), { status: 401, hasAccount: false, seen: undefined });
    const token = await t.makeToken(await t.makeAccount());
    assert.equal((await ask(`/qrcode/${token}`, {})).seen, undefined);
    assert.equal((await ask(`/${token}`, phone, 'HEAD')).seen, undefined);
  });
});
