import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { findAccount } from '../../src/accounts/account-store.ts';
import { updateSpace } from '../../src/administration/update-space.ts';
import { operator } from '../../src/events/actor.ts';
import { sentenceOf } from '../../src/locale/describe-event.ts';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { requestByDigest } from '../support/digest-request.ts';
import { parseDocument } from '../support/xml.ts';

const old = 'sip.example.test';
const domain = 'sip.example.com';
const url = `/api/spaces/${old}`;
const external = { username: 'out', domain: 'other.test', password: 'outer' };

forEachDatabase('the domain of a space', (makeUrl) => {
  let databaseUrl: string;
  let t: TestApp;
  beforeEach(async () => {
    databaseUrl = await makeUrl();
    t = await openTestApp(databaseUrl);
  });
  afterEach(() => t.close());

  const rename = (more: Record<string, unknown> = {}) => t.api('PUT', url, { domain, confirm: true, ...more });
  const stored = async ({ id }: Account) => (await findAccount(t.app.database, id)) ?? assert.fail('it is gone');
  const redeem = async (token: string, app = t) =>
    parseDocument((await app.server.inject(`/provisioning/${token}`)).body);

  test('is changed with confirm=true, and the names that follow it change too', async () => {
    const { status, json } = await rename();
    assert.equal(status, 200);
    assert.equal(json.domain, domain);
    assert.equal(json.name, domain);
    assert.equal(json.registrar, `sip:${domain};transport=tls`);
    assert.equal((await t.api('GET', url)).status, 404);
    assert.equal((await t.api('GET', `/api/spaces/${domain}`)).json.domain, domain);
    assert.equal((await t.api('PUT', `/api/spaces/${domain}?confirm=true`, { domain: old })).json.domain, old);
  });

  test('can be changed in the object that GET returned, and the names that follow it change too', async () => {
    const { json } = await t.api('GET', url);
    const changed = await t.api('PUT', `${url}?confirm=true`, { ...json, domain });
    assert.equal(changed.status, 200, changed.text);
    assert.equal(changed.json.registrar, `sip:${domain};transport=tls`);
    assert.equal(changed.json.name, domain);
  });

  test('can change while a name and a registrar that were set separately stay', async () => {
    await t.setSpace({ name: 'Office', registrar: 'sip:pbx.example.com:5060;transport=tcp' });
    const { json } = await rename();
    assert.deepEqual([json.name, json.registrar], ['Office', 'sip:pbx.example.com:5060;transport=tcp']);
  });

  test('ends the passwords when it changes, names their accounts, and keeps API keys and codes', async () => {
    const account = await t.makeAccount({ activated: true });
    const key = (await t.api('POST', `/api/accounts/${account.id}/api_keys`, {})).json.api_key;
    const token = await t.makeToken(account);
    const { json } = await rename();
    assert.deepEqual(json.passwords_ended, [`admin@${domain}`, `${account.username}@${domain}`]);
    assert.deepEqual((await stored(account)).ha1s, []);
    const byKey = await t.server.inject({ url: '/api/accounts/me', headers: { 'x-api-key': key } });
    assert.equal(byKey.json().sip_uri, `sip:${account.username}@${domain}`);
    const signIn = { url: '/api/accounts/me', method: 'GET', username: account.username, password: 'secret' } as const;
    assert.equal((await requestByDigest(t.server, signIn)).statusCode, 401);

    const document = await redeem(token);
    const { ha1s } = await stored(account);
    assert.equal(ha1s.length, 1);
    assert.equal(document.get('auth_info_0')?.get('ha1')?.value, ha1s[0]?.ha1);
    assert.equal(document.get('auth_info_0')?.get('realm')?.value, domain);
    assert.equal(document.get('proxy_0')?.get('reg_identity')?.value, `<sip:${account.username}@${domain}>`);
    assert.equal(document.get('proxy_0')?.get('reg_proxy')?.value, `<sip:${domain};transport=tls>`);
  });

  test('a code for an account without a password sets one with all algorithms of the space', async () => {
    await t.setSpace({ algorithms: ['SHA-256', 'MD5'] });
    const account = await t.makeAccount({ algorithm: 'MD5' });
    await rename();
    await redeem(await t.makeToken(account));
    assert.deepEqual(
      (await stored(account)).ha1s.map(({ algorithm }) => algorithm),
      ['SHA-256', 'MD5'],
    );
  });

  test('the preview for an account without a password shows that its code sets one', async () => {
    const account = await t.makeAccount();
    await rename();
    const preview = async (query: string) => (await t.api('GET', `/api/accounts/${account.id}/preview${query}`)).text;
    assert.match(await preview('?token=true'), /auth_info_0/);
    assert.doesNotMatch(await preview(''), /auth_info_0/);
  });

  test('can change without ending the passwords if the space has a realm, which stays', async () => {
    await t.setSpace({ realm: 'office', confirm: true });
    const account = await t.makeAccount();
    const { json } = await rename();
    assert.equal(json.passwords_ended, undefined);
    const ha1 = computeHa1('SHA-256', account.username, 'office', 'secret');
    assert.deepEqual((await stored(account)).ha1s, [{ algorithm: 'SHA-256', ha1 }]);
    assert.equal((await redeem(await t.makeToken(account))).get('auth_info_0')?.get('ha1')?.value, ha1);
  });

  test('can change without ending the passwords if the same change makes the old domain the realm', async () => {
    const account = await t.makeAccount();
    const { json } = await rename({ realm: old });
    assert.equal(json.passwords_ended, undefined);
    assert.deepEqual((await stored(account)).ha1s, account.ha1s);
  });

  test('is in the timeline when it changes, with both domains and the number of ended passwords', async () => {
    await rename({ password_min_length: 9 });
    const { json } = await t.api('GET', '/api/events?kind=domain-changed,space-changed');
    const details = Object.fromEntries(
      json.data.map((each: { kind: string; detail: unknown }) => [each.kind, each.detail]),
    );
    assert.deepEqual(details, {
      'domain-changed': { domain, from: old, passwords_ended: 1 },
      'space-changed': { domain, fields: 'password_min_length' },
    });
    const event = {
      id: 1,
      at: 0,
      lastAt: 0,
      count: 1,
      spaceId: 1,
      accountId: null,
      tokenId: null,
      address: null,
      agent: null,
    };
    const detail = { domain, from: old, passwords_ended: 2 };
    assert.equal(
      sentenceOf({ ...event, kind: 'domain-changed', actor: operator, detail }),
      `The domain ${old} was changed to ${domain} on the command line, which ended the passwords of 2 accounts.`,
    );
  });

  const bound: Readonly<Record<string, (account: Account) => Promise<unknown>>> = {
    'a device': async (account) => redeem(await t.makeToken(account)),
    'a used code, whose device is gone': async (account) => {
      await redeem(await t.makeToken(account));
      await t.app.database.deleteFrom('devices').execute();
    },
    'an external account': (account) => t.api('POST', `/api/accounts/${account.id}/external`, external),
  };
  for (const [what, make] of Object.entries(bound)) {
    test(`cannot change while an account has ${what}, even with confirmation`, async () => {
      const account = await t.makeAccount();
      await make(account);
      const before = await dumpDatabase(t.app.database);
      for (const confirm of [true, false]) {
        const { status, json } = await rename({ confirm });
        assert.equal(status, 409);
        assert.equal(json.code, 'conflict');
        assert.match(json.message, new RegExp(`can no longer be changed.*: ${account.username}\\.`));
      }
      assert.deepEqual(await dumpDatabase(t.app.database), before);
    });
  }

  test('can change regardless of the accounts of other spaces', async () => {
    await t.api('POST', '/api/spaces', { domain: 'two.example.test' });
    const account = await t.makeAccount({ domain: 'two.example.test' });
    await redeem(await t.makeToken(account));
    assert.equal((await rename()).status, 200);
    assert.deepEqual((await stored(account)).ha1s, account.ha1s);
  });

  test('is refused if it is not a domain or another space has it', async () => {
    await t.api('POST', '/api/spaces', { domain: 'two.example.test' });
    const before = await dumpDatabase(t.app.database);
    for (const wrong of ['sip example.com', 'https://sip.example.com', 'two.example.test', '']) {
      const { status, json } = await rename({ domain: wrong });
      assert.equal(status, 422, wrong);
      assert.deepEqual(Object.keys(json.errors), ['domain'], wrong);
    }
    assert.deepEqual(await dumpDatabase(t.app.database), before);
  });

  test('is given to exactly one of two spaces that request it at once', async () => {
    await t.api('POST', '/api/spaces', { domain: 'two.example.test' });
    const answers = await Promise.all(
      [url, '/api/spaces/two.example.test'].map((each) => t.api('PUT', each, { domain, confirm: true })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 422]);
  });

  test('does not change while a code is redeemed: no phone gets the old domain after the change', async () => {
    const other = await openTestApp(databaseUrl);
    for (let round = 0; round < 8; round += 1) {
      await t.app.database.deleteFrom('devices').execute();
      await t.app.database.deleteFrom('tokens').execute();
      const [from, to] = [`a${round}.example.test`, `b${round}.example.test`];
      await updateSpace(t.app, operator, t.app.spaces.first.domain, { domain: from, confirm: true });
      await other.app.spaces.refresh();
      const account = await t.makeAccount({ domain: from });
      const token = await t.makeToken(account);
      const [document, renamed] = await Promise.all([
        redeem(token, other),
        updateSpace(t.app, operator, from, { domain: to, confirm: true }).then(
          () => true,
          ({ code }) => assert.equal(code, 'conflict'),
        ),
      ]);
      const identity = document.get('proxy_0')?.get('reg_identity')?.value;
      assert.equal(identity, `<sip:${account.username}@${renamed === true ? to : from}>`, `round ${round}`);
    }
    await other.close();
  });

  test('reaches phones at once when it changes, even through a process that has not noticed the change yet', async () => {
    const other = await openTestApp(databaseUrl);
    await t.setSpace({ realm: 'office', confirm: true });
    await other.app.spaces.refresh();
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    await rename();
    const document = await redeem(token, other);
    assert.equal(document.get('proxy_0')?.get('reg_identity')?.value, `<sip:${account.username}@${domain}>`);
    await other.close();
  });

  test('can change while accounts are created, whose passwords are for the domain that the space then has', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [from, to] = [t.app.spaces.first.domain, `c${round}.example.test`];
      const account = await t.makeAccount({ domain: from });
      const username = `meanwhile${round}`;
      const [made, , renamed] = await Promise.all([
        t.api('POST', '/api/accounts', { username, password: 'secret' }),
        t.api('POST', `/api/accounts/${account.id}/external`, external),
        t.api('PUT', `/api/spaces/${from}`, { domain: to, confirm: true }),
      ]);
      assert.ok(made.status === 200, made.text);
      const { ha1s } = (await findAccount(t.app.database, made.json.id)) ?? assert.fail();
      const realm = renamed.status === 200 ? to : from;
      if (ha1s.length > 0) assert.equal(ha1s[0]?.ha1, computeHa1('SHA-256', username, realm, 'secret'));
      await t.api('DELETE', `/api/accounts/${account.id}/external`);
    }
  });
});
