import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { getAccount } from '../../src/accounts/account-store.ts';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('names and passwords', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  test('a display name that consists only of spaces is refused', async () => {
    const account = await t.makeAccount();
    for (const blank of [' ', '\u00a0 \u3000']) {
      const answer = await t.api('PUT', `/api/accounts/${account.id}`, { display_name: blank });
      assert.deepEqual(
        [answer.status, answer.json.errors.display_name[0]],
        [422, 'must not be blank; null removes it'],
      );
    }
  });

  test('spaces at both ends of a name are removed, and the password works for the trimmed name', async () => {
    const fields = { username: ' pbx ', password: ' secret ', display_name: '  P B X  ' };
    const { json } = await t.api('POST', '/api/accounts', fields);
    assert.deepEqual([json.username, json.display_name], ['pbx', 'P B X']);
    const { ha1s } = await getAccount(t.app.database, json.id);
    assert.equal(ha1s[0]?.ha1, computeHa1('SHA-256', 'pbx', 'sip.example.test', ' secret '));
    const url = `/api/accounts/${json.id}`;
    assert.equal((await t.api('PUT', url, { username: 'pbx ' })).status, 200);
    const renamed = await t.api('PUT', url, { username: ' pbx2', password: 'secret', display_name: 'x ' });
    assert.deepEqual([renamed.json.username, renamed.json.display_name], ['pbx2', 'x']);
    assert.equal((await t.api('POST', '/api/accounts', { ...fields, username: 'pbx2  ' })).status, 422);
  });

  test('a user name or realm that consists only of spaces is refused', async () => {
    const { id } = await t.makeAccount();
    const external = { username: 'x', domain: 'other.test', password: 'secret' };
    for (const [method, url, field, rest] of [
      ['POST', '/api/accounts', 'username', { password: 'secret' }],
      ['PUT', `/api/accounts/${id}`, 'username', { password: 'secret' }],
      ['POST', `/api/accounts/${id}/external`, 'username', external],
      ['POST', `/api/accounts/${id}/external`, 'realm', external],
      ['PUT', '/api/spaces/sip.example.test', 'realm', { confirm: true }],
      ['PUT', '/api/spaces/sip.example.test', 'turn_realm', {}],
    ] as const) {
      const { status, json } = await t.api(method, url, { ...rest, [field]: '  ' });
      assert.deepEqual([status, Object.keys(json.errors)], [422, [field]], `${url} ${field}`);
    }
  });

  test('spaces at both ends of external user names and of all realms are removed', async () => {
    const { id } = await t.makeAccount();
    const external = {
      username: ' out ',
      realm: ' The realm ',
      domain: 'other.test',
      password: 'secret',
      algorithm: 'MD5',
    };
    const { json } = await t.api('POST', `/api/accounts/${id}/external`, external);
    assert.deepEqual([json.username, json.realm], ['out', 'The realm']);
    const account = await getAccount(t.app.database, id);
    assert.equal(account.external?.ha1s[0]?.ha1, computeHa1('MD5', 'out', 'The realm', 'secret'));
    const made = await t.api('POST', '/api/spaces', { domain: 'blanks.test', realm: ' r ', turn_realm: ' t ' });
    assert.deepEqual([made.json.realm, made.json.turn_realm], ['r', 't']);
    const changed = await t.api('PUT', '/api/spaces/blanks.test', { realm: 's  ', confirm: true });
    assert.equal(changed.json.realm, 's');
  });

  test('quotation marks around the realm and the TURN realm of a space are removed', async () => {
    const quoted = { domain: 'quoted.test', realm: '"3CXPhoneSystem"', turn_realm: ' "turn realm" ' };
    const { json } = await t.api('POST', '/api/spaces', quoted);
    assert.deepEqual([json.realm, json.turn_realm], ['3CXPhoneSystem', 'turn realm']);
  });

  test('a user name that cannot register or sign in is refused, even if the pattern allows it', async () => {
    await t.setSpace({ username_pattern: '.' });
    for (const username of ['zoé', '漢', 'a;b', '🦊', 'a"b', 'a@b', 'a:b', '"', '@', ':', 'a\\b', '\\']) {
      const { status, json } = await t.api('POST', '/api/accounts', { username, password: 'secret' });
      assert.deepEqual([status, Object.keys(json.errors)], [422, ['username']]);
      assert.match(json.errors.username[0], /SIP servers such as Kamailio refuse|Linphone 5\.1 cannot sign in/);
    }
    for (const username of ["a b'!~*()=&$,?/#%", '%s'])
      assert.equal((await t.api('POST', '/api/accounts', { username, password: 'secret' })).status, 200);
    await t.setSpace({ username_pattern: '^[a-z0-9+_.-]{1,64}$' });
  });

  test('a user name with a percent sign works in every path', async () => {
    await t.setSpace({ username_pattern: '.' });
    const { json: owner } = await t.api('POST', '/api/accounts', {
      username: '%o',
      password: 'secret',
      activated: true,
    });
    const key = (await t.api('POST', `/api/accounts/${owner.id}/api_keys`, {})).json.api_key;
    const asOwner = (url: string) => t.server.inject({ url, headers: { 'x-api-key': key } });
    for (const username of ['%s-x', 'a%2541', 'a%41', '100%', '%00']) {
      const email = `${username}@mail.test`;
      const { json } = await t.api('POST', '/api/accounts', { username, password: 'secret', email });
      await t.api('POST', `/api/accounts/${owner.id}/contacts/${json.id}`);
      const address = `${encodeURIComponent(username)}@sip.example.test`;
      for (const url of [
        `/api/accounts/${address}/search`,
        `/api/accounts/${encodeURIComponent(email)}/search-by-email`,
      ])
        assert.equal((await t.api('GET', url)).json.id, json.id, url);
      assert.equal((await asOwner(`/api/accounts/me/contacts/sip:${address}`)).json().id, json.id);
      assert.match((await asOwner(`/contacts/vcard/${address}`)).body, new RegExp(`ringup-account-${json.id}@`));
    }
    assert.equal((await t.api('GET', '/api/accounts/a%41@sip.example.test/search')).status, 404);
    await t.setSpace({ username_pattern: '^[a-z0-9+_.-]{1,64}$' });
  });

  test('a user name that no longer matches the pattern stays, and may be sent unchanged', async () => {
    const account = await t.makeAccount({ username: 'carol' });
    await t.setSpace({ username_pattern: '^x[0-9]+$' });
    const url = `/api/accounts/${account.id}`;
    assert.equal((await t.api('PUT', url, { username: 'carol', display_name: 'C' })).status, 200);
    const refused = await t.api('PUT', url, { username: 'dave', password: 'secret' });
    assert.deepEqual([refused.status, Object.keys(refused.json.errors)], [422, ['username']]);
    await t.setSpace({ username_pattern: '^[a-z0-9+_.-]{1,64}$' });
  });

  test('a pattern that looks ahead or back is refused, because it could stop the server', async () => {
    for (const pattern of ['^(?=.*[a-z])(a+)+$', '^(a+)\\1$', '(?<!a)b']) {
      const refused = await t.api('PUT', '/api/spaces/sip.example.test', { username_pattern: pattern });
      assert.deepEqual([refused.status, Object.keys(refused.json.errors)], [422, ['username_pattern']]);
    }
  });

  test('a pattern with a repetition within a repetition does not block the server', async () => {
    await t.setSpace({ username_pattern: '^(a+)+$' });
    const refused = await t.api('POST', '/api/accounts', { username: `${'a'.repeat(60)}b`, password: 'secret' });
    assert.deepEqual([refused.status, Object.keys(refused.json.errors)], [422, ['username']]);
    await t.setSpace({ username_pattern: '^[a-z0-9+_.-]{1,64}$' });
  });

  test('a stored pattern of an earlier version that cannot be read refuses every new name until it is changed', async () => {
    const account = await t.makeAccount({ username: 'judy' });
    const store = async (username_pattern: string) => {
      await sql`update spaces set username_pattern = ${username_pattern}`.execute(t.app.database);
      await t.setSpace({ name: `pattern ${username_pattern.length}` });
    };
    await store('^(?=.*[a-z])(a+)+$');
    const refused = await t.api('POST', '/api/accounts', { username: 'aaa', password: 'secret' });
    assert.deepEqual([refused.status, Object.keys(refused.json.errors)], [422, ['username']]);
    assert.match(refused.json.errors.username[0], /change the username_pattern/);
    const kept = await t.api('PUT', `/api/accounts/${account.id}`, { username: 'judy', display_name: 'J' });
    assert.equal(kept.status, 200);
    await t.setSpace({ username_pattern: '^[a-z0-9+_.-]{1,64}$' });
    assert.equal((await t.api('POST', '/api/accounts', { username: 'aaa', password: 'secret' })).status, 200);
  });

  for (const password of ['a\u0000bc', 'line\nbreak', '\ud800abc']) {
    test(`the password ${JSON.stringify(password)} is refused, because it cannot be typed`, async () => {
      const refused = await t.api('POST', '/api/accounts', JSON.stringify({ username: 'eve', password }));
      assert.deepEqual([refused.status, Object.keys(refused.json.errors)], [422, ['password']]);
    });
  }

  test('an administrator who cannot sign in does not count as the first administrator', async () => {
    const db = t.app.database;
    const { issueSetupLink } = await import('../../src/administration/first-administrator.ts');
    assert.equal(await issueSetupLink(t.app), undefined);
    await db.updateTable('accounts').set({ activated_at: null }).where('admin', '=', 1).execute();
    assert.match((await issueSetupLink(t.app)) ?? '', /\/setup\//);
    await db.updateTable('accounts').set({ activated_at: 1 }).where('admin', '=', 1).execute();
  });

  test('a contact in another space is shown without its e-mail address and phone number', async () => {
    await t.api('POST', '/api/spaces', { domain: 'other.test' });
    await t.app.spaces.refresh();
    const boss = await t.makeAccount({ domain: 'other.test', username: 'boss', admin: true, activated: true });
    const owner = await t.makeAccount({ domain: 'other.test', username: 'owner' });
    const foreign = await t.makeAccount({ username: 'private', email: 'private@example.com', phone: '+33601020399' });
    assert.equal((await t.api('POST', `/api/accounts/${owner.id}/contacts/${foreign.id}`)).status, 200);
    const key = (await t.api('POST', `/api/accounts/${boss.id}/api_keys`, { name: 'k' })).json.api_key;
    const url = `/api/accounts/${owner.id}/contacts`;
    const seen = (await t.server.inject({ url, headers: { 'x-api-key': key } })).json();
    assert.deepEqual([seen[0].username, seen[0].email, seen[0].phone], ['private', null, null]);
    assert.equal((await t.api('GET', url)).json[0].email, 'private@example.com');
  });
});
