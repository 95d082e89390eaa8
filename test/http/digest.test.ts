import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import type { Account } from '../../src/accounts/account.ts';
import { setPublicUrl } from '../../src/administration/set-public-url.ts';
import { operator } from '../../src/events/actor.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import {
  authorize,
  challengesOf,
  type DigestRequest,
  requestByDigest,
  sendByDigest,
  withoutNonces,
} from '../support/digest-request.ts';

const secret = 'a secret of thirty-two characters or more';
const paths = ['/provisioning/me', '/contacts/vcard', '/api/accounts/me'] as const;

forEachDatabase('HTTP Digest', (makeUrl) => {
  let url: string;
  let t: TestApp;
  let sha256: Account;
  let md5: Account;
  let both: Account;
  before(async () => {
    url = await makeUrl();
    t = await openTestApp(url, { RINGUP_SECRET: secret });
    sha256 = await t.makeAccount({ activated: true });
    md5 = await t.makeAccount({ activated: true, algorithm: 'MD5' });
    await t.setSpace({ algorithms: ['SHA-256', 'MD5'] });
    both = await t.makeAccount({ activated: true });
    await t.setSpace({ algorithms: ['SHA-256'] });
  });
  after(() => t.close());

  const from = (account: Account) => ({ from: `sip:${account.username}@sip.example.test` });
  const of = (account: Account, more: Partial<DigestRequest> = {}): DigestRequest => ({
    username: account.username,
    password: 'secret',
    url: '/provisioning/me',
    headers: from(account),
    ...more,
  });
  const get = (path: string, headers: Record<string, string> = {}) => t.server.inject({ url: path, headers });
  const algorithmsOf = (response: LightMyRequestResponse) =>
    challengesOf(response).map((line) => /algorithm=([^,]+)/.exec(line)?.[1]);
  const isStale = (response: LightMyRequestResponse) =>
    response.statusCode === 401 && challengesOf(response).every((line) => /, stale=true$/.test(line));

  for (const path of paths) {
    test(`${path} requires authentication, and accepts either algorithm`, async () => {
      assert.equal((await get(path)).statusCode, 401);
      for (const [account, algorithm] of [
        [sha256, 'SHA-256'],
        [md5, 'MD5'],
        [both, 'SHA-256'],
        [both, 'MD5'],
      ] as const) {
        const answer = await requestByDigest(t.server, of(account, { url: path, algorithm }));
        assert.equal(answer.statusCode, 200, `${account.username} by ${algorithm}`);
      }
    });
  }

  test('/provisioning/me returns the account document every time, whatever the query is', async () => {
    const first = await requestByDigest(t.server, of(sha256));
    assert.match(first.body, new RegExp(sha256.ha1s[0]?.ha1 ?? 'none'));
    const again = await requestByDigest(t.server, of(sha256, { url: '/provisioning/me?reset_password' }));
    assert.equal(again.body, first.body);
    assert.equal(again.headers['content-type'], 'application/xml');
    assert.equal(again.headers['cache-control'], 'no-store');
    assert.equal((await requestByDigest(t.server, of(sha256))).body, first.body);
  });

  test('HEAD requires the same credentials, and returns the same status and type without a body', async () => {
    const refused = await t.server.inject({ method: 'HEAD', url: '/provisioning/me', headers: from(sha256) });
    assert.equal(refused.statusCode, 401);
    const answer = await requestByDigest(t.server, of(sha256, { method: 'HEAD' }));
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers['content-type'], 'application/xml');
    assert.equal(answer.headers['content-length'], undefined);
    assert.equal(answer.body, '');
  });

  test('an account is challenged for the algorithms it has, SHA-256 first, one header line for each', async () => {
    assert.deepEqual(algorithmsOf(await get('/provisioning/me', from(sha256))), ['SHA-256']);
    assert.deepEqual(algorithmsOf(await get('/provisioning/me', from(md5))), ['MD5']);
    assert.deepEqual(algorithmsOf(await get('/provisioning/me', from(both))), ['SHA-256', 'MD5']);
    for (const line of challengesOf(await get('/provisioning/me', from(both)))) {
      assert.match(line, /^Digest realm="sip\.example\.test", qop="auth", algorithm=(SHA-256|MD5), nonce="[^"]+"$/);
    }
  });

  test('the challenge without From, or for an unknown account, is exactly that of the space', async () => {
    for (const algorithms of [['SHA-256'], ['MD5'], ['SHA-256', 'MD5']] as const) {
      await t.setSpace({ algorithms: [...algorithms] });
      const strangers = await Promise.all([
        get('/provisioning/me'),
        get('/provisioning/me', { from: 'sip:nobody@sip.example.test' }),
        get('/provisioning/me', { from: 'garbage' }),
      ]);
      for (const stranger of strangers) {
        assert.equal(stranger.statusCode, 401);
        assert.deepEqual(algorithmsOf(stranger), algorithms);
        assert.deepEqual(withoutNonces(stranger), withoutNonces(strangers[0]));
        assert.equal(stranger.body, strangers[0].body);
        assert.deepEqual(Object.keys(stranger.headers), Object.keys(strangers[0].headers));
      }
    }
    await t.setSpace({ algorithms: ['SHA-256'] });
    const known = await get('/provisioning/me', from(sha256));
    const unknown = await get('/provisioning/me', { from: 'sip:nobody@sip.example.test' });
    assert.deepEqual(withoutNonces(known), withoutNonces(unknown));
    assert.equal(known.body, unknown.body);
  });

  test('a wrong password is answered like an unknown account', async () => {
    const wrong = await requestByDigest(t.server, of(sha256, { password: 'wrong' }));
    const unknown = await requestByDigest(
      t.server,
      of(sha256, { username: 'nobody', headers: { from: 'sip:nobody@sip.example.test' } }),
    );
    assert.equal(wrong.statusCode, 401);
    assert.equal(unknown.statusCode, 401);
    assert.deepEqual(withoutNonces(wrong), withoutNonces(unknown));
    assert.equal(wrong.body, unknown.body);
  });

  test('a user can sign in without From', async () => {
    assert.equal((await requestByDigest(t.server, of(sha256, { headers: {} }))).statusCode, 200);
  });

  test('percent-encoded parts of From are decoded', async () => {
    const account = await t.makeAccount({ username: 'a+b.c', activated: true });
    const headers = { from: 'sip:a%2bb%2Ec@sip.example.test' };
    assert.equal((await requestByDigest(t.server, of(account, { headers }))).statusCode, 200);
  });

  test('the password of one account does not work for another', async () => {
    const answer = await requestByDigest(t.server, of(sha256, { headers: from(both) }));
    assert.equal(answer.statusCode, 401);
  });

  const phone = { 'x-linphone-provisioning': '1' };
  const hopeless: readonly [string, Record<string, string>, number][] = [
    ['without From', phone, 403],
    ['with a From of a foreign domain', { ...phone, from: 'sip:alice@elsewhere.test' }, 403],
    ['with a From that cannot be read', { ...phone, from: 'sip:' }, 403],
    ['with a From of ours', { ...phone, from: 'sip:nobody@sip.example.test' }, 401],
  ];
  for (const [which, headers, status] of hopeless) {
    test(`a phone that sends the provisioning header, ${which}, gets ${status}`, async () => {
      const answer = await get('/provisioning/me', headers);
      assert.equal(answer.statusCode, status);
      assert.equal(challengesOf(answer).length, status === 401 ? 1 : 0);
    });
  }

  test('a foreign From without the provisioning header is challenged', async () => {
    assert.equal((await get('/provisioning/me', { from: 'sip:alice@elsewhere.test' })).statusCode, 401);
  });

  test('the space that From names decides the realm and the algorithms', async () => {
    await t.api('POST', '/api/spaces', { domain: 'other.example.test', realm: 'Other realm', algorithms: ['MD5'] });
    const account = await t.makeAccount({ domain: 'other.example.test', username: 'carol', activated: true });
    const headers = { from: 'sip:carol@other.example.test' };
    const [line] = challengesOf(await get('/provisioning/me', headers));
    assert.match(line ?? '', /realm="Other realm".*algorithm=MD5/);
    const answer = await requestByDigest(t.server, of(account, { headers }));
    assert.equal(answer.statusCode, 200);
    assert.match(answer.body, /sip:carol@other\.example\.test/);
    const nobody = await get('/provisioning/me', { from: 'sip:nobody@other.example.test' });
    assert.deepEqual(withoutNonces(nobody), [line?.replace(/nonce="[^"]*"/, 'nonce=""')]);
  });

  test('one nonce serves many requests, in any order, with each nc once', async () => {
    const challenges = challengesOf(await get('/provisioning/me', from(sha256)));
    for (const nc of [1, 2, 5, 4, 3]) {
      const answer = await sendByDigest(t.server, of(sha256), authorize(challenges, of(sha256, { nc })));
      assert.equal(answer.statusCode, 200, `nc ${nc}`);
    }
    for (const nc of [1, 3, 5]) {
      const answer = await sendByDigest(t.server, of(sha256), authorize(challenges, of(sha256, { nc })));
      assert.ok(isStale(answer), `nc ${nc}`);
      assert.notEqual(challengesOf(answer)[0], challenges[0]);
    }
  });

  test('exactly one of eight simultaneous requests with the same nc is answered', async () => {
    const authorization = authorize(challengesOf(await get('/provisioning/me', from(sha256))), of(sha256));
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => sendByDigest(t.server, of(sha256), authorization)),
    );
    assert.equal(answers.filter((answer) => answer.statusCode === 200).length, 1);
    assert.equal(answers.filter(isStale).length, 7);
  });

  test('a wrong response does not use up the nc', async () => {
    const challenges = challengesOf(await get('/provisioning/me', from(sha256)));
    const wrong = await sendByDigest(t.server, of(sha256), authorize(challenges, of(sha256, { password: 'wrong' })));
    assert.equal(wrong.statusCode, 401);
    assert.ok(!isStale(wrong));
    assert.equal((await sendByDigest(t.server, of(sha256), authorize(challenges, of(sha256)))).statusCode, 200);
  });

  test('a nonce is stale after five minutes, and the fresh one that comes with the answer works', async () => {
    const challenges = challengesOf(await get('/provisioning/me', from(sha256)));
    t.advance(299_000);
    assert.equal((await sendByDigest(t.server, of(sha256), authorize(challenges, of(sha256)))).statusCode, 200);
    t.advance(2_000);
    const answer = await sendByDigest(t.server, of(sha256), authorize(challenges, of(sha256, { nc: 2 })));
    assert.ok(isStale(answer));
    const fresh = await sendByDigest(t.server, of(sha256), authorize(challengesOf(answer), of(sha256)));
    assert.equal(fresh.statusCode, 200);
  });

  test('a nonce that was issued before a restart is stale, even with the same secret and database', async () => {
    const challenges = challengesOf(await get('/provisioning/me', from(sha256)));
    const other = await openTestApp(url, { RINGUP_SECRET: secret });
    try {
      const answer = await sendByDigest(other.server, of(sha256), authorize(challenges, of(sha256)));
      assert.ok(isStale(answer));
      const fresh = await sendByDigest(other.server, of(sha256), authorize(challengesOf(answer), of(sha256)));
      assert.equal(fresh.statusCode, 200);
    } finally {
      await other.close();
    }
  });

  test('a nonce that this server did not sign is refused without stale', async () => {
    const [line = ''] = challengesOf(await get('/provisioning/me', from(sha256)));
    const forged = line.replace(/nonce="(.)/, (_, first) => `nonce="${first === 'A' ? 'B' : 'A'}`);
    const answer = await sendByDigest(t.server, of(sha256), authorize([forged], of(sha256)));
    assert.equal(answer.statusCode, 401);
    assert.ok(!isStale(answer));
  });

  const uris: readonly [string, string, number][] = [
    ['/provisioning/me', '/provisioning/me', 200],
    ['/provisioning/me?a=%2F', '/provisioning/me?a=%2f', 200],
    ['/provisioning/me', '/provisioning/me?reset_password', 401],
    ['/provisioning/me?x', '/provisioning/me', 401],
    ['/provisioning/me', '/contacts/vcard', 401],
    ['/provisioning/me', '/prefix/provisioning/me', 401],
    ['/provisioning/me', 'https://ringup.example.test/provisioning/me', 200],
    ['/provisioning/me', 'https://other.example/provisioning/me', 401],
  ];
  for (const [path, uri, status] of uris) {
    test(`a response for ${uri} ${status === 200 ? 'works' : 'does not work'} at ${path}`, async () => {
      assert.equal((await requestByDigest(t.server, of(sha256, { url: path, uri }))).statusCode, status);
    });
  }

  test('a response for GET does not work for another method', async () => {
    const challenges = challengesOf(await get('/api/accounts/me', from(sha256)));
    const authorization = authorize(challenges, of(sha256, { url: '/api/accounts/me' }));
    const answer = await sendByDigest(
      t.server,
      of(sha256, { url: '/api/accounts/me', method: 'DELETE' }),
      authorization,
    );
    assert.equal(answer.statusCode, 401);
  });

  test('a blocked account with the right password gets 403 everywhere', async () => {
    const account = await t.makeAccount({ activated: true });
    await t.api('POST', `/api/accounts/${account.id}/block`);
    for (const path of paths) {
      assert.equal((await requestByDigest(t.server, of(account, { url: path }))).statusCode, 403, path);
      const wrong = await requestByDigest(t.server, of(account, { url: path, password: 'wrong' }));
      assert.equal(wrong.statusCode, 401, path);
    }
  });

  test('an account that is not activated signs in to /api/accounts/me only', async () => {
    const account = await t.makeAccount();
    const statuses: Record<string, number> = {};
    for (const path of [...paths, '/contacts/vcard/sip:x@sip.example.test', '/api/accounts/me/contacts']) {
      statuses[path] = (await requestByDigest(t.server, of(account, { url: path }))).statusCode;
    }
    assert.deepEqual(statuses, {
      '/provisioning/me': 403,
      '/contacts/vcard': 403,
      '/api/accounts/me': 200,
      '/contacts/vcard/sip:x@sip.example.test': 403,
      '/api/accounts/me/contacts': 200,
    });
    const provisioned = await requestByDigest(
      t.server,
      of(account, { url: '/api/accounts/me/provision', method: 'POST' }),
    );
    assert.equal(provisioned.statusCode, 200);
  });

  test('Digest gives only the rights of a user, even to an administrator', async () => {
    const admin = await t.makeAccount({ admin: true, activated: true });
    for (const path of ['/api/accounts', `/api/accounts/${admin.id}`, '/api/spaces']) {
      assert.equal((await requestByDigest(t.server, of(admin, { url: path }))).statusCode, 403, path);
    }
  });
});

forEachDatabase('HTTP Digest after the address has moved', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl(), { RINGUP_PUBLIC_URL: '' });
    await setPublicUrl(t.app, operator, 'http://old.example.test/a');
    await setPublicUrl(t.app, operator, 'http://new.example.test/b');
  });
  after(() => t.close());

  const ask = async (uri: string) => {
    const { username } = await t.makeAccount({ activated: true });
    const headers = { from: `sip:${username}@sip.example.test` };
    return requestByDigest(t.server, { username, password: 'secret', url: '/provisioning/me', uri, headers });
  };

  for (const uri of ['/a/provisioning/me', '/b/provisioning/me', 'http://old.example.test/a/provisioning/me']) {
    test(`accepts ${uri} from a phone that knows it, although a proxy removes the prefix`, async () => {
      assert.equal((await ask(uri)).statusCode, 200);
    });
  }

  test('still refuses any other path', async () => {
    assert.equal((await ask('/c/provisioning/me')).statusCode, 401);
  });
});

forEachDatabase('HTTP Digest behind a path prefix', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl(), { RINGUP_PUBLIC_URL: 'https://ringup.example.test/phones' });
  });
  after(() => t.close());

  for (const url of ['/provisioning/me', '/phones/provisioning/me']) {
    for (const uri of ['/provisioning/me', '/phones/provisioning/me']) {
      test(`a response for ${uri} works if the proxy passes on ${url}`, async () => {
        const account = await t.makeAccount({ activated: true });
        const answer = await requestByDigest(t.server, {
          username: account.username,
          password: 'secret',
          url,
          uri,
          headers: { from: `sip:${account.username}@sip.example.test` },
        });
        assert.equal(answer.statusCode, 200);
      });
    }
  }
});
