import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { requestByDigest } from '../support/digest-request.ts';

forEachDatabase('a new realm of a space', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const signIn = async (): Promise<number> => {
    const headers = { from: 'sip:alice@sip.example.test' };
    const url = '/api/accounts/me';
    return (await requestByDigest(t.server, { username: 'alice', password: 'secret', url, headers })).statusCode;
  };
  const setRealm = (realm: string | null) => t.api('PUT', '/api/spaces/sip.example.test', { realm, confirm: true });

  test('keeps passwords from matching until the old realm comes back', async () => {
    await t.makeAccount({ username: 'alice', activated: true });
    assert.equal(await signIn(), 200);
    const { status, json } = await setRealm('asterisk');
    assert.deepEqual([status, json.passwords_ended], [200, undefined]);
    assert.equal(await signIn(), 401);
    await setRealm(null);
    assert.equal(await signIn(), 200);
  });

  test('makes HA1s match that were imported from a server with this realm', async () => {
    const ha1 = hash('sha256', 'bob:asterisk:secret');
    const payload = `username,ha1_sha256\nbob,${ha1}\n`;
    const headers = { 'x-api-key': t.adminKey, 'content-type': 'text/csv' };
    await t.server.inject({ method: 'POST', url: '/api/accounts/import', headers, payload });
    await setRealm('asterisk');
    const from = 'sip:bob@sip.example.test';
    const answer = await requestByDigest(t.server, {
      username: 'bob',
      password: 'secret',
      url: '/api/accounts/me',
      headers: { from },
    });
    assert.equal(answer.statusCode, 200, answer.body);
    await setRealm(null);
  });
});
