import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { getAccount } from '../../src/accounts/account-store.ts';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';

const day = 24 * 60 * 60_000;
const eight = Array.from({ length: 8 });

forEachDatabase('accounts', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  let count = 0;
  const fresh = (): string => {
    count += 1;
    return `name${count}`;
  };
  const stored = (id: number) => getAccount(t.app.database, id);
  const ha1sOf = async (id: number) => (await stored(id)).ha1s;
  const refused = async (method: 'POST' | 'PUT', url: string, body: unknown, fields: readonly string[]) => {
    const before = await dumpDatabase(t.app.database);
    const answer = await t.api(method, url, body);
    assert.equal(answer.status, 422, answer.text);
    assert.deepEqual(Object.keys(answer.json.errors), fields);
    for (const messages of Object.values<unknown>(answer.json.errors)) {
      assert.ok(Array.isArray(messages) && messages.length > 0 && messages.every((each) => typeof each === 'string'));
    }
    assert.deepEqual(await dumpDatabase(t.app.database), before);
  };

  test('a new account is returned in exactly this form, as application/json without a charset, with a new token', async () => {
    const before = t.app.now();
    const answer = await t.api('POST', '/api/accounts', {
      username: 'alice',
      password: 'secret',
      display_name: 'Alice',
      phone: '+33601020304',
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-type'], 'application/json');
    const { id, created_at: created, provisioning_token: token, provisioning_token_expire_at: expires } = answer.json;
    assert.ok(Number.isInteger(id));
    assert.match(created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(Date.parse(created) >= before);
    assert.match(token, /^[A-Za-z0-9]{28}$/);
    assert.equal(Date.parse(expires), Date.parse(created) + 7 * day);
    const account = {
      id,
      username: 'alice',
      domain: 'sip.example.test',
      display_name: 'Alice',
      email: null,
      phone: '+33601020304',
      activated: false,
      blocked: false,
      admin: false,
      dtmf_protocol: 'sipinfo',
      sip_uri: 'sip:alice@sip.example.test',
      call_forwardings: [],
      realm: null,
      passwords: [{ algorithm: 'SHA-256' }],
      types: [],
      actions: [],
      linphonerc: '',
      note: null,
      group: null,
      language: null,
      created_at: created,
      updated_at: created,
    };
    const withToken = {
      ...account,
      provisioning_token: token,
      provisioning_token_expire_at: expires,
      provisioning_url: `https://ringup.example.test/provisioning/${token}`,
    };
    assert.equal(answer.text, JSON.stringify(withToken));
    assert.equal((await t.api('GET', `/api/accounts/${id}`)).text, JSON.stringify(account));
    assert.match((await t.server.inject({ url: `/provisioning/${token}` })).body, /sip:alice@/);
  });

  test('every field can be set', async () => {
    const fields = {
      display_name: 'Bob "the \\ builder" 🛠',
      email: 'bob@example.com',
      phone: '+4915112345678',
      activated: true,
      admin: true,
      dtmf_protocol: 'rfc2833',
    };
    const { json } = await t.api('POST', '/api/accounts', {
      username: 'bob',
      password: 'secret',
      algorithm: 'MD5',
      domain: 'sip.example.test',
      ...fields,
    });
    for (const [name, value] of Object.entries(fields)) assert.equal(json[name], value, name);
    assert.deepEqual(json.passwords, [{ algorithm: 'MD5' }]);
    assert.deepEqual(await ha1sOf(json.id), [
      { algorithm: 'MD5', ha1: computeHa1('MD5', 'bob', 'sip.example.test', 'secret') },
    ]);
  });

  test('a password is stored with the algorithms of the space, unless the request names one', async () => {
    const made = async (more: object = {}) =>
      (await t.api('POST', '/api/accounts', { username: fresh(), password: 'secret', ...more })).json;
    const named = (list: { algorithm: string }[]) => list.map((each) => each.algorithm);
    assert.deepEqual(named((await made()).passwords), ['SHA-256']);
    assert.deepEqual(named((await made({ algorithm: 'MD5' })).passwords), ['MD5']);
    await t.setSpace({ algorithms: ['MD5', 'SHA-256'] });
    const both = await made();
    assert.deepEqual(named(both.passwords), ['SHA-256', 'MD5']);
    assert.deepEqual(
      await ha1sOf(both.id),
      (['SHA-256', 'MD5'] as const).map((algorithm) => ({
        algorithm,
        ha1: computeHa1(algorithm, both.username, 'sip.example.test', 'secret'),
      })),
    );
    assert.deepEqual(named((await made({ algorithm: 'SHA-256' })).passwords), ['SHA-256']);
    await t.setSpace({ algorithms: ['SHA-256'] });
  });

  for (const [value, activated] of [
    [true, true],
    [false, false],
    ['1', true],
    ['0', false],
  ] as const) {
    test(`activated may be ${JSON.stringify(value)}, when an account is made and when it is changed`, async () => {
      const made = await t.api('POST', '/api/accounts', { username: fresh(), password: 'secret', activated: value });
      assert.equal(made.json.activated, activated);
      const { id } = await t.makeAccount({ activated: !activated });
      assert.equal((await t.api('PUT', `/api/accounts/${id}`, { activated: value })).json.activated, activated);
    });
  }

  const wrongFields: readonly [string, Record<string, unknown>][] = [
    ['activated', { activated: 1 }],
    ['activated', { activated: 'true' }],
    ['activated', { activated: null }],
    ['admin', { admin: '1' }],
    ['admin', { admin: 1 }],
    ['admin', { admin: null }],
    ['username', { username: '' }],
    ['username', { username: 42 }],
    ['username', { username: ['eve'] }],
    ['username', { username: 'Eve' }],
    ['username', { username: 'a b' }],
    ['username', { username: 'a@b' }],
    ['username', { username: 'a\u0000b' }],
    ['username', { username: 'x'.repeat(65) }],
    ['username', { username: 'x'.repeat(20_000) }],
    ['password', { password: '' }],
    ['password', { password: 'ab' }],
    ['password', { password: 12345 }],
    ['password', { password: '🛠🛠' }],
    ['password', { password: 'x'.repeat(1001) }],
    ['algorithm', { algorithm: 'SHA-512' }],
    ['algorithm', { algorithm: 'sha-256' }],
    ['algorithm', { algorithm: ['MD5'] }],
    ['display_name', { display_name: 'x'.repeat(121) }],
    ['display_name', { display_name: 'a\nb' }],
    ['display_name', { display_name: 'a\u0085b' }],
    ['display_name', { display_name: '\ud83d' }],
    ['display_name', { display_name: '\uffff' }],
    ['display_name', { display_name: 7 }],
    ['email', { email: '' }],
    ['email', { email: 'nobody' }],
    ['email', { email: 'a@b@c' }],
    ['email', { email: 'a b@c' }],
    ['email', { email: 'a\u0000@c' }],
    ['email', { email: `${'x'.repeat(250)}@example.com` }],
    ['phone', { phone: '0601020304' }],
    ['phone', { phone: '+0601020304' }],
    ['phone', { phone: '+33 6 01' }],
    ['phone', { phone: '' }],
    ['phone', { phone: ' '.repeat(61) }],
    ['phone', { phone: '+1234567890123456' }],
    ['phone', { phone: 33601020304 }],
    ['dtmf_protocol', { dtmf_protocol: 'SIPINFO' }],
    ['dtmf_protocol', { dtmf_protocol: null }],
    ['id', { id: 1 }],
    ['blocked', { blocked: true }],
    ['role', { role: 'admin' }],
    ['space_id', { space_id: 1 }],
    ['realm', { realm: 'x' }],
    ['ha1', { ha1: 'x' }],
    ['provisioning_token', { provisioning_token: 'x' }],
    ['sip_uri', { sip_uri: 'sip:x@y' }],
    ['constructor', { constructor: 1 }],
  ];
  for (const [field, wrong] of wrongFields) {
    const shown = JSON.stringify(wrong).slice(0, 60);
    test(`${shown} is refused with the name of the field, and nothing is created or changed`, async () => {
      const { id } = await t.makeAccount();
      const valid = { username: fresh(), password: 'secret' };
      await refused('POST', '/api/accounts', { ...valid, ...wrong }, [field]);
      const beside = field === 'algorithm' || field === 'username' ? { password: 'secret' } : {};
      await refused('PUT', `/api/accounts/${id}`, { ...beside, ...wrong }, [field]);
    });
  }

  test('all mistakes are reported together', async () => {
    await refused('POST', '/api/accounts', {}, ['username', 'password']);
    await refused('POST', '/api/accounts', { username: 'A', password: 'x', email: '1', id: 1 }, ['id', 'email']);
    await refused('POST', '/api/accounts', { username: 'A', password: 'x', display_name: 'a\tb', phone: '1' }, [
      'username',
      'password',
      'display_name',
      'phone',
    ]);
  });

  test('a display name may have 120 characters of any script, and a user name every character that the pattern allows', async () => {
    const names = ['é'.repeat(120), '漢'.repeat(120), '🛠'.repeat(120), '<&>"\' \\ ;,=[]#%'];
    for (const name of names) {
      const { json } = await t.api('POST', '/api/accounts', {
        username: fresh(),
        password: 'secret',
        display_name: name,
      });
      assert.equal(json.display_name, name);
    }
    await t.setSpace({ username_pattern: '^[^:]+$' });
    const odd = await t.api('POST', '/api/accounts', { username: `uni#<>&'`, password: 'secret' });
    assert.equal(odd.json.sip_uri, "sip:uni%23%3C%3E&'@sip.example.test");
    await t.setSpace({ username_pattern: '^[a-z0-9+_.-]{1,64}$' });
  });

  test('a phone number may be written as people write it, and is stored in E.164', async () => {
    const phone = '+49 (0) 30/123 45-67';
    const made = await t.api('POST', '/api/accounts', { username: fresh(), password: 'secret', phone });
    assert.equal(made.json.phone, '+49301234567');
    const url = `/api/accounts/${made.json.id}`;
    assert.equal((await t.api('PUT', url, { phone: '+44.20.7946.0958' })).json.phone, '+442079460958');
    assert.equal((await t.api('GET', url)).json.phone, '+442079460958');
    const { json } = await t.api('PUT', url, { phone: '020 7946 0958' });
    assert.deepEqual(json.errors, {
      phone: [
        '"020 7946 0958" must be a phone number with its country code, such as +33601020304; the space\'s phone_country allows numbers without one',
      ],
    });
  });

  test('domain must be a space that the administrator manages', async () => {
    await refused('POST', '/api/accounts', { username: fresh(), password: 'secret', domain: 'elsewhere.test' }, [
      'domain',
    ]);
    await refused('POST', '/api/accounts', { username: fresh(), password: 'secret', domain: 7 }, ['domain']);
  });

  const unique: readonly [string, string, string][] = [
    ['username', 'unique', 'unique'],
    ['email', 'unique@example.com', 'UNIQUE@Example.com'],
    ['phone', '+33611111111', '+33 (0)6 11-11-11-11'],
  ];
  for (const [field, value, same] of unique) {
    test(`${field} must be unique within its domain, but not across domains`, async () => {
      const base = () => ({ username: fresh(), password: 'secret' });
      const { id } = (await t.api('POST', '/api/accounts', { ...base(), [field]: value })).json;
      await refused('POST', '/api/accounts', { ...base(), [field]: same }, [field]);
      const other = await t.makeAccount();
      await refused('PUT', `/api/accounts/${other.id}`, { password: 'secret', [field]: same }, [field]);
      assert.equal((await t.api('PUT', `/api/accounts/${id}`, { [field]: value })).status, 200);
      const domain = `${field}.example.test`;
      await t.api('POST', '/api/spaces', { domain });
      assert.equal((await t.api('POST', '/api/accounts', { ...base(), domain, [field]: value })).status, 200);
    });

    test(`exactly one of eight accounts created at once with the same ${field} is created, and the other answers name the field`, async () => {
      for (let round = 0; round < 10; round += 1) {
        const taken = { username: `race${round}`, email: `race${round}@example.com`, phone: `+3362222222${round}` };
        const answers = await Promise.all(
          eight.map(() =>
            t.api('POST', '/api/accounts', {
              username: fresh(),
              password: 'secret',
              [field]: taken[field as keyof typeof taken],
            }),
          ),
        );
        assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
        const losers = answers.filter((answer) => answer.status === 422);
        assert.equal(losers.length, 7);
        for (const { json } of losers) {
          assert.deepEqual(Object.keys(json.errors), [field]);
          assert.equal(json.code, 'account-exists');
        }
      }
    });

    test(`exactly one of eight accounts changed at once to the same ${field} gets it`, async () => {
      const value = { username: 'wanted', email: 'wanted@example.com', phone: '+33633333333' }[field];
      const accounts = await Promise.all(eight.map(() => t.makeAccount({ username: fresh() })));
      const answers = await Promise.all(
        accounts.map(({ id }) => t.api('PUT', `/api/accounts/${id}`, { password: 'secret', [field]: value })),
      );
      assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
      assert.equal(answers.filter((answer) => answer.status === 422).length, 7);
    });
  }

  test('any number of accounts may have no e-mail address and no phone number', async () => {
    for (const [email, phone] of [
      [null, null],
      [null, null],
    ]) {
      const answer = await t.api('POST', '/api/accounts', { username: fresh(), password: 'secret', email, phone });
      assert.equal(answer.status, 200);
    }
  });

  test('PUT keeps the values of absent fields, and null removes optional ones', async () => {
    const fields = { display_name: 'Carol', email: 'carol@example.com', phone: '+33644444444' };
    const { id } = await t.makeAccount({ ...fields, activated: true });
    const before = (await t.api('GET', `/api/accounts/${id}`)).json;
    const unchanged = (await t.api('PUT', `/api/accounts/${id}`, {})).json;
    assert.deepEqual({ ...unchanged, updated_at: '' }, { ...before, updated_at: '' });
    t.advance(1_000);
    const changed = (await t.api('PUT', `/api/accounts/${id}`, { display_name: 'Caroline' })).json;
    assert.deepEqual({ ...changed, updated_at: '' }, { ...before, display_name: 'Caroline', updated_at: '' });
    assert.ok(changed.updated_at > before.updated_at);
    const cleared = (await t.api('PUT', `/api/accounts/${id}`, { display_name: null, email: null, phone: null })).json;
    assert.deepEqual([cleared.display_name, cleared.email, cleared.phone], [null, null, null]);
  });

  test('PUT with an unchanged username succeeds, and a new one needs a new password', async () => {
    const { id, username } = await t.makeAccount();
    assert.equal((await t.api('PUT', `/api/accounts/${id}`, { username })).status, 200);
    await refused('PUT', `/api/accounts/${id}`, { username: fresh() }, ['username']);
    const renamed = fresh();
    const answer = await t.api('PUT', `/api/accounts/${id}`, { username: renamed, password: 'new secret' });
    assert.equal(answer.json.sip_uri, `sip:${renamed}@sip.example.test`);
    assert.equal((await ha1sOf(id))[0]?.ha1, computeHa1('SHA-256', renamed, 'sip.example.test', 'new secret'));
  });

  test('a new password is stored for every algorithm that the account has, even if the space has others now', async () => {
    const md5 = await t.makeAccount({ algorithm: 'MD5' });
    await t.setSpace({ algorithms: ['SHA-256', 'MD5'] });
    const both = await t.makeAccount();
    await t.setSpace({ algorithms: ['SHA-256'] });
    for (const [account, algorithms] of [
      [md5, ['MD5']],
      [both, ['SHA-256', 'MD5']],
    ] as const) {
      await t.api('PUT', `/api/accounts/${account.id}`, { password: 'renewed' });
      assert.deepEqual(
        await ha1sOf(account.id),
        algorithms.map((algorithm) => ({
          algorithm,
          ha1: computeHa1(algorithm, account.username, 'sip.example.test', 'renewed'),
        })),
      );
    }
  });

  test('algorithms change only by an explicit algorithm with a new password', async () => {
    const { id, username } = await t.makeAccount();
    await refused('PUT', `/api/accounts/${id}`, { algorithm: 'MD5' }, ['algorithm']);
    const answer = await t.api('PUT', `/api/accounts/${id}`, { algorithm: 'MD5', password: 'secret' });
    assert.deepEqual(answer.json.passwords, [{ algorithm: 'MD5' }]);
    assert.deepEqual(await ha1sOf(id), [
      { algorithm: 'MD5', ha1: computeHa1('MD5', username, 'sip.example.test', 'secret') },
    ]);
  });

  test('a change of the algorithm is not undone by a new password at the same moment', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { id } = await t.makeAccount();
      const answers = await Promise.all([
        t.api('PUT', `/api/accounts/${id}`, { password: 'one', algorithm: 'MD5' }),
        t.api('PUT', `/api/accounts/${id}`, { password: 'two' }),
      ]);
      assert.deepEqual(
        answers.map((answer) => answer.status),
        [200, 200],
      );
      assert.deepEqual(
        (await ha1sOf(id)).map((each) => each.algorithm),
        ['MD5'],
      );
    }
  });

  test('PUT makes an account an administrator, or an ordinary account again', async () => {
    const { id } = await t.makeAccount({ activated: true });
    assert.equal((await t.api('PUT', `/api/accounts/${id}`, { admin: true })).json.admin, true);
    assert.equal((await t.api('PUT', `/api/accounts/${id}`, { admin: false })).json.admin, false);
  });

  test('PUT ends the tokens of the account only if it sets activated to false', async () => {
    const account = await t.makeAccount({ activated: true });
    const token = await t.makeToken(account);
    await t.api('PUT', `/api/accounts/${account.id}`, { display_name: 'Still here', activated: true });
    assert.equal((await t.server.inject({ url: `/provisioning/qrcode/${token}` })).statusCode, 200);
    await t.api('PUT', `/api/accounts/${account.id}`, { activated: false });
    assert.equal((await t.server.inject({ url: `/provisioning/qrcode/${token}` })).statusCode, 404);
  });

  test('DELETE also deletes everything that belongs to the account', async () => {
    const account = await t.makeAccount({ activated: true });
    const other = await t.makeAccount();
    const { revisions: _, ...before } = await dumpDatabase(t.app.database);
    const doomed = await t.makeAccount({ activated: true });
    const token = await t.makeToken(doomed);
    await t.api('POST', `/api/accounts/${doomed.id}/external`, { username: 'x', domain: 'y.test', password: 'z' });
    await t.api('POST', `/api/accounts/${doomed.id}/contacts/${other.id}`);
    await t.api('POST', `/api/accounts/${account.id}/contacts/${doomed.id}`);
    await t.api('POST', `/api/accounts/${doomed.id}/api_keys`, {});
    const answer = await t.api('DELETE', `/api/accounts/${doomed.id}`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-type'], 'application/json');
    const { revisions: __, ...after } = await dumpDatabase(t.app.database);
    assert.deepEqual(after, before);
    assert.equal((await t.server.inject({ url: `/provisioning/qrcode/${token}` })).statusCode, 404);
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      assert.equal((await t.api(method, `/api/accounts/${doomed.id}`, method === 'PUT' ? {} : undefined)).status, 404);
    }
  });

  test('exactly one of eight simultaneous deletions finds the account', async () => {
    const { id } = await t.makeAccount();
    const answers = await Promise.all(eight.map(() => t.api('DELETE', `/api/accounts/${id}`)));
    assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
    assert.equal(answers.filter((answer) => answer.status === 404).length, 7);
  });

  test('an id that is not a positive whole number in plain digits returns 404', async () => {
    for (const id of [
      '0',
      '-1',
      '1.0',
      '1e0',
      '01',
      '+1',
      '%31x',
      'admin',
      '2147483648',
      '9'.repeat(40),
      '1%00',
      '%20',
    ]) {
      assert.equal((await t.api('GET', `/api/accounts/${id}`)).status, 404, id);
    }
  });
});
