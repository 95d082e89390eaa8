import assert from 'node:assert/strict';
import { createHmac, hash } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import Sqlite from 'better-sqlite3';
import { openTestApp, type TestApp } from '../support/app.ts';
import { openTerminal } from '../support/cli.ts';
import { forEachDatabase, sqliteUrl } from '../support/databases.ts';
import { requestByDigest } from '../support/digest-request.ts';
import { earlierVersions, type Facts, restoreEarlierVersion, type Secret } from '../support/earlier-versions.ts';
import { lossesIn, readHoldings } from '../support/holdings.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { parseDocument } from '../support/xml.ts';

const phone = { 'user-agent': 'LinphoneAndroid/5.2.5 (Pixel 7) LinphoneSDK/5.3.74', 'x-linphone-provisioning': '1' };
const otherPhone = { 'user-agent': 'Unknown' };

for (const version of earlierVersions) {
  forEachDatabase(`a database of version ${version}`, (_, makeEmptyUrl) => {
    /** A test with a fresh copy of the database, whose clock starts at the moment when it was left. */
    const opens = (title: string, use: (t: TestApp, facts: Facts) => Promise<void>) =>
      test(title, async () => {
        const url = await makeEmptyUrl();
        const { facts, environment } = await restoreEarlierVersion(version, url);
        const t = await openTestApp(url, environment, { startsAt: facts.leftAt });
        try {
          await use(t, facts);
        } finally {
          await t.close();
        }
      });

    opens('shows all that it held', async (t, { holdings }) => {
      const get = async (path: string) => {
        const { status, json } = await t.api('GET', path);
        return status === 404 ? undefined : json;
      };
      assert.ok(Object.keys(holdings.accounts).length > 0 && Object.keys(holdings.events).length > 0);
      assert.deepEqual(lossesIn(await readHoldings(get), holdings), []);
    });

    opens('has the same credentials for SIP servers', async (t, { credentials }) => {
      const { dataDir, databaseUrl } = t.app.settings;
      const where = { RINGUP_DATA_DIR: dataDir, ...(databaseUrl === null ? {} : { RINGUP_DATABASE_URL: databaseUrl }) };
      assert.deepEqual((await openTerminal(where)('export kamailio --json')).json, credentials);
    });

    opens('hands an account over for each open code, once', async (t, { secrets }) => {
      for (const code of secrets.codes.open) {
        assert.equal(await accountAt(t, `/provisioning/${code.secret}`), code.account);
        await givesNothingAway(t, code, otherPhone);
      }
    });

    opens('gives nothing away for a code that has ended', async (t, { secrets }) => {
      for (const code of secrets.codes.ended) await givesNothingAway(t, code);
    });

    opens('repeats an answer that was lost or never finished', async (t, { secrets }) => {
      for (const code of secrets.codes.repeatable) {
        assert.equal(await accountAt(t, `/provisioning/${code.secret}`), code.account);
      }
    });

    opens('takes an auth token that was attached', async (t, { secrets }) => {
      for (const { account, secret } of secrets.authTokens) {
        assert.equal(await accountAt(t, `/provisioning/auth_token/${secret}`), account);
      }
    });

    opens('lets people in by API key, with the same rights', async (t, { secrets }) => {
      for (const [rights, status] of [['account', 200] as const, ['user', 403] as const]) {
        for (const { account, secret } of secrets.keys[rights]) {
          const headers = { 'x-api-key': secret };
          const { username, domain } = (await t.server.inject({ url: '/api/accounts/me', headers })).json();
          assert.equal(`${username}@${domain}`, account);
          assert.equal((await t.server.inject({ url: '/api/accounts', headers })).statusCode, status);
        }
      }
    });

    opens('lets people in by password', async (t, { secrets }) => {
      for (const each of secrets.passwords) {
        const { username, domain } = (await signIn(t, each, '/api/accounts/me')).json();
        assert.equal(`${username}@${domain}`, each.account);
      }
    });

    opens('lets devices fetch again, by key and at their own address', async (t, { secrets }) => {
      for (const { account, secret } of secrets.deviceKeys.working) {
        const headers = { ...phone, 'x-device-key': secret };
        const start = async (url: string) => t.server.inject({ url, headers });
        const first = await start('/provisioning/me');
        assert.equal(accountIn(first.body), account);
        const address = new URL(valueIn(first.body, 'misc', 'config-uri') ?? '');
        assert.match(address.search, /^\?device=\w{22,}$/);
        assert.equal(accountIn((await start('/provisioning/me')).body), account, 'until it shows its address');
        assert.equal(accountIn((await start(address.pathname + address.search)).body), account);
        assert.equal((await start('/provisioning/me')).statusCode, 403, 'the key alone, from then on');
      }
      for (const { account, secret: path } of secrets.devicePaths) {
        const password = secrets.passwords.find((each) => each.account === account)?.secret ?? '';
        const { body } = await signIn(t, { account, secret: password }, path);
        assert.equal(accountIn(body), account);
        assert.ok(valueIn(body, 'misc', 'config-uri')?.endsWith(path));
      }
    });

    opens('takes the account away from a device that was revoked', async (t, { secrets, credentials }) => {
      for (const { secret } of secrets.deviceKeys.revoked) {
        const headers = { ...phone, 'x-device-key': secret };
        const { statusCode, body } = await t.server.inject({ url: '/provisioning/me', headers });
        assert.deepEqual([statusCode, valueIn(body, 'proxy_0', 'reg_sendregister')], [200, '0']);
        for (const { ha1 } of credentials) assert.ok(!body.includes(ha1));
        assert.match(valueIn(body, 'auth_info_0', 'username') ?? '', /^\w/);
        assert.match(valueIn(body, 'auth_info_0', 'ha1') ?? '', /^0+$/);
      }
      const devices = await t.app.database.selectFrom('devices').select(['credentials', 'credential_places']).execute();
      assert.ok(devices.some(({ credential_places }) => credential_places > 0));
      for (const each of devices) assert.equal(each.credential_places, JSON.parse(each.credentials).length);
    });

    opens('hands external accounts over', async (t, { secrets }) => {
      for (const { account, username, realm, secret } of secrets.externalPasswords) {
        const code = secrets.codes.open.find((each) => each.account === account)?.secret;
        const { body } = await t.server.inject({ url: `/provisioning/${code}`, headers: phone });
        for (const algorithm of ['sha256', 'md5']) {
          assert.ok(body.includes(hash(algorithm, `${username}:${realm}:${secret}`)), algorithm);
        }
      }
    });

    opens('makes TURN credentials with the same secret', async (t, { secrets }) => {
      for (const { account, secret } of secrets.turnSecrets) {
        const password = secrets.passwords.find((each) => each.account === account)?.secret ?? '';
        const turn = (await signIn(t, { account, secret: password }, '/api/accounts/me/services/turn')).json();
        assert.equal(turn.password, createHmac('sha1', secret).update(turn.username).digest('base64'));
      }
    });

    opens('knows the secrets in documents that phones fetched', async (t, { holdings }) => {
      const fetched = Object.values(holdings.accounts).filter((account) => account.last_fetched_at !== null);
      assert.ok(fetched.length > 0);
      for (const { id, username } of fetched) {
        const { changes } = (await t.api('GET', `/api/accounts/${id}/preview`)).json;
        // The HA1 for TURN is new each time.
        const entries = changes.map((each: Record<string, string>) => `${each.section}/${each.name}`);
        assert.ok(!entries.includes('auth_info_0/ha1'), username);
      }
    });
  });

  // One database: PostgreSQL has no such check.
  test(`a SQLite file of version ${version} passes the integrity check after it was opened`, async () => {
    const url = sqliteUrl(join(tempDirectory(), 'ringup.sqlite'));
    const { facts, environment } = await restoreEarlierVersion(version, url);
    await (await openTestApp(url, environment, { startsAt: facts.leftAt })).close();
    const file = new Sqlite(url, { readonly: true });
    assert.deepEqual(file.pragma('integrity_check', { simple: true }), 'ok');
    assert.deepEqual(file.pragma('foreign_key_check'), []);
    file.close();
  });
}

async function accountAt(
  t: TestApp,
  url: string,
  headers: Record<string, string> = phone,
): Promise<string | undefined> {
  return accountIn((await t.server.inject({ url, headers })).body);
}

async function givesNothingAway(t: TestApp, { account, secret }: Secret, headers: Record<string, string> = phone) {
  const [base, answer] = await Promise.all(
    ['/provisioning', `/provisioning/${secret}`].map((url) => t.server.inject({ url, headers })),
  );
  assert.deepEqual([answer?.statusCode, answer?.body], [200, base?.body], account);
}

function signIn(t: TestApp, { account, secret }: Secret, url: string) {
  const [username = ''] = account.split('@');
  return requestByDigest(t.server, { username, password: secret, url, headers: { from: `sip:${account}` } });
}

function accountIn(document: string): string | undefined {
  return /<sip:(.+)>$/.exec(valueIn(document, 'proxy_0', 'reg_identity') ?? '')?.[1];
}

function valueIn(document: string, section: string, entry: string): string | undefined {
  return parseDocument(document).get(section)?.get(entry)?.value;
}
