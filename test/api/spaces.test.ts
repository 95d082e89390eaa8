import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';

const defaults = {
  domain: 'new.example.test',
  host: null,
  name: 'new.example.test',
  super: false,
  registrar: 'sip:new.example.test;transport=tls',
  realm: null,
  algorithms: ['SHA-256'],
  linphonerc: '',
  overwrite_all: true,
  seeded: [],
  refetch: 'once',
  unknown_token: 'base',
  require_provisioning_header: false,
  retry_window: null,
  token_lifetime: null,
  depend_on_external: false,
  bind_keys_to_address: false,
  username_pattern: '^[a-z0-9+_.-]{1,64}$',
  password_min_length: 3,
  max_accounts: 0,
  max_devices: 0,
  self_service: true,
  logo: null,
  directory: 'chosen',
  root_ca: null,
  phone_country: null,
  turn_server: null,
  turn_secret_set: false,
  turn_lifetime: '1d',
  turn_realm: null,
  turn_in_document: false,
  language: 'en',
  time_zone: null,
  contact_text: null,
  mail_from: null,
  mail_reply_to: null,
  mail_introduction_en: null,
  mail_introduction_fr: null,
  smtp_url_set: false,
};

forEachDatabase('spaces', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const url = '/api/spaces/new.example.test';
  const withoutVolatile = ({ id: _, created_at: __, updated_at: ___, ...rest }: Record<string, unknown>) => rest;
  const refused = async (
    method: 'POST' | 'PUT',
    path: string,
    body: unknown,
    fields: readonly string[],
    status = 422,
  ) => {
    const before = await dumpDatabase(t.app.database);
    const answer = await t.api(method, path, body);
    assert.equal(answer.status, status, answer.text);
    assert.deepEqual(Object.keys(answer.json.errors ?? {}), fields);
    assert.deepEqual(await dumpDatabase(t.app.database), before);
    return answer.json;
  };

  test('a new space returns 201 with all fields, and only the domain is required', async () => {
    const answer = await t.api('POST', '/api/spaces', { domain: 'new.example.test' });
    assert.equal(answer.status, 201);
    assert.equal(answer.headers['content-type'], 'application/json');
    assert.deepEqual(withoutVolatile(answer.json), defaults);
    assert.deepEqual((await t.api('GET', url)).json, answer.json);
  });

  test('the list is an array, in which the first space comes first', async () => {
    const { status, headers, json } = await t.api('GET', '/api/spaces');
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'application/json');
    assert.ok(Array.isArray(json));
    assert.deepEqual(
      json.map((space: { domain: string; super: boolean }) => [space.domain, space.super]),
      [
        ['sip.example.test', true],
        ['new.example.test', false],
      ],
    );
  });

  test('a new realm needs confirmation, in the body or in the query', async () => {
    await refused('PUT', url, { realm: 'Other' }, [], 409);
    await refused('PUT', `${url}?confirm=false`, { realm: 'Other' }, [], 409);
    assert.equal((await t.api('PUT', url, { realm: 'Other', confirm: true })).json.realm, 'Other');
    await refused('PUT', url, { realm: null }, [], 409);
    assert.equal((await t.api('PUT', `${url}?confirm=true`, { realm: null })).json.realm, null);
    assert.equal((await t.api('PUT', url, { realm: 'new.example.test' })).status, 200, 'the domain is the default');
    assert.equal((await t.api('PUT', url, { realm: null })).json.realm, null);
  });

  test('a new domain needs confirmation, and the current one can be sent unchanged', async () => {
    assert.equal((await t.api('PUT', url, { domain: 'new.example.test' })).status, 200);
    await refused('PUT', url, { domain: 'other.example.test' }, [], 409);
  });

  const wrong: readonly [string, unknown][] = [
    ['host', ''],
    ['host', 'https://x.test'],
    ['host', 'x.test:0'],
    ['host', 'x.test:99999'],
    ['host', 'x.test/path'],
    ['host', 7],
    ['name', ''],
    ['name', 'a\nb'],
    ['name', 'x'.repeat(121)],
    ['name', null],
    ['super', 1],
    ['super', 'true'],
    ['registrar', 'sip.example.test'],
    ['registrar', 'sips:sip.example.test'],
    ['registrar', '<sip:sip.example.test>'],
    ['registrar', 'sip:sip.example.test;transport=sctp'],
    ['registrar', 'sip:sip.example.test\n[x]'],
    ['registrar', ''],
    ['realm', ''],
    ['realm', 'a"b'],
    ['realm', 'a\\b'],
    ['realm', 'a:b'],
    ['realm', 'a\u0000b'],
    ['algorithms', []],
    ['algorithms', ['MD5', 'MD5']],
    ['algorithms', ['SHA-512']],
    ['algorithms', 'MD5'],
    ['overwrite_all', 'yes'],
    ['seeded', ['no slash']],
    ['seeded', ['a b/c']],
    ['seeded', 'a/b'],
    ['seeded', Array.from({ length: 1001 }, () => 'a/b')],
    ['seeded', Array.from({ length: 101 }, (_, at) => `*/${at}`)],
    ['refetch', 'never'],
    ['unknown_token', 404],
    ['require_provisioning_header', null],
    ['retry_window', -1],
    ['retry_window', 601],
    ['retry_window', 1.5],
    ['retry_window', '60'],
    ['token_lifetime', 'soon'],
    ['token_lifetime', '-1d'],
    ['token_lifetime', 3600],
    ['depend_on_external', 'false'],
    ['bind_keys_to_address', 0],
    ['username_pattern', '('],
    ['username_pattern', ''],
    ['username_pattern', 'a\u0000b'],
    ['username_pattern', 'x'.repeat(301)],
    ['password_min_length', 0],
    ['password_min_length', 201],
    ['max_accounts', -1],
    ['max_devices', -1],
    ['max_accounts', 2 ** 31],
    ['turn_server', ''],
    ['turn_server', 'Turn.test'],
    ['turn_server', 'turn:'],
    ['turn_server', 'turn.test:0'],
    ['turn_server', 'https://turn.test'],
    ['turn_server', 'turn.test\nx=1'],
    ['turn_secret', 'short'],
    ['turn_secret', 'a control\u0000character'],
    ['turn_lifetime', '0'],
    ['turn_lifetime', '59s'],
    ['turn_lifetime', '367d'],
    ['turn_lifetime', 86_400],
    ['turn_realm', ''],
    ['turn_realm', 'a:b'],
    ['turn_realm', '"a'],
    ['turn_realm', 'a"b'],
    ['realm', '"a'],
    ['realm', 'a"b'],
    ['turn_in_document', 'true'],
    ['turn_in_document', true],
    ['turn_secret_set', true],
    ['id', 1],
    ['created_at', '2026-01-01T00:00:00.000Z'],
    ['admin', true],
  ];
  for (const [key, value] of wrong) {
    test(`${key}: ${JSON.stringify(value).slice(0, 50)} is refused with the name of the field`, async () => {
      await refused('PUT', url, { [key]: value }, [key]);
      await refused('POST', '/api/spaces', { domain: 'wrong.example.test', [key]: value }, [key]);
    });
  }

  for (const domain of [undefined, '', 'sip:x.test', 'x test', 'x.test:5060', 'ü.test', '1.2.3', 'x\u0000', 7]) {
    test(`a space cannot have the domain ${JSON.stringify(domain)}`, async () => {
      await refused('POST', '/api/spaces', { domain }, ['domain']);
    });
  }

  test('a linphonerc with mistakes is refused with a list of all of them', async () => {
    const linphonerc = 'before=section\n[sip]\nok=1\nno equals sign\n[unclosed\nbad name=1\nx=a\u0007b\n; remark\n';
    const { errors } = await refused('PUT', url, { linphonerc }, ['linphonerc']);
    const lines = errors.linphonerc.map((each: string) => /^line (\d+): /.exec(each)?.[1]);
    assert.deepEqual(lines, ['1', '4', '5', '6', '7']);
    assert.match(errors.linphonerc[1], /no equals sign/);
  });

  test('a domain or host that is taken is refused with the name of the field, even if eight requests compete for it', async () => {
    await t.api('PUT', url, { host: 'taken.example.test' });
    await refused('POST', '/api/spaces', { domain: 'new.example.test' }, ['domain']);
    await refused('POST', '/api/spaces', { domain: 'x.example.test', host: 'taken.example.test' }, ['host']);
    await refused('PUT', '/api/spaces/sip.example.test', { host: 'taken.example.test' }, ['host']);
    await t.api('PUT', url, { host: null });
    for (const fields of [{ domain: 'race.example.test' }, { host: 'race.example.test' }]) {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          t.api('POST', '/api/spaces', { domain: `race${index}.example.test`, ...fields }),
        ),
      );
      assert.equal(answers.filter((answer) => answer.status === 201).length, 1);
      const losers = answers.filter((answer) => answer.status === 422);
      assert.equal(losers.length, 7);
      assert.ok(
        losers.every(
          ({ json }) => json.code === 'space-exists' && Object.keys(fields)[0] === Object.keys(json.errors)[0],
        ),
      );
      for (const { json, status } of answers) {
        if (status === 201) await t.api('DELETE', `/api/spaces/${json.domain}`);
      }
    }
  });

  test('an unknown space returns 404, however its domain is written', async () => {
    for (const domain of ['nowhere.example.test', '%00', '%20', 'x'.repeat(5_000), '1']) {
      for (const method of ['GET', 'PUT', 'DELETE'] as const) {
        const answer = await t.api(method, `/api/spaces/${domain}`, method === 'PUT' ? {} : undefined);
        assert.equal(answer.status, 404, `${method} ${domain.slice(0, 30)}`);
      }
    }
    assert.equal((await t.api('GET', '/api/spaces/NEW.example.test')).status, 200, 'letter case does not count');
  });

  test('a space with accounts can only be deleted together with them', async () => {
    await t.api('POST', '/api/spaces', { domain: 'full.example.test' });
    const alice = await t.makeAccount();
    const { id } = await t.makeAccount({ domain: 'full.example.test' });
    await t.api('POST', `/api/accounts/${alice.id}/contacts/${id}`);
    await refused('PUT', '/api/spaces/full.example.test', { domain: 'x.example.test' }, [], 409);
    const before = await dumpDatabase(t.app.database);
    for (const query of ['', '?with_accounts=false']) {
      const answer = await t.api('DELETE', `/api/spaces/full.example.test${query}`);
      assert.equal(answer.status, 409);
      assert.equal(answer.json.code, 'space-not-empty');
    }
    assert.equal((await t.api('DELETE', '/api/spaces/full.example.test?with_accounts=yes')).status, 422);
    assert.deepEqual(await dumpDatabase(t.app.database), before);
    assert.equal((await t.api('DELETE', '/api/spaces/full.example.test?with_accounts=true')).status, 200);
    assert.equal((await t.api('GET', `/api/accounts/${id}`)).status, 404);
    assert.deepEqual((await t.api('GET', `/api/accounts/${alice.id}/contacts`)).json, []);
    assert.equal((await t.api('GET', '/api/spaces/full.example.test')).status, 404);
  });

  test('exactly one of four simultaneous deletions finds the space', async () => {
    await t.api('POST', '/api/spaces', { domain: 'gone.example.test' });
    const answers = await Promise.all([1, 2, 3, 4].map(() => t.api('DELETE', '/api/spaces/gone.example.test')));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 404, 404, 404]);
  });

  test('an account that is created while its space is deleted is either refused or keeps the space', async () => {
    for (let round = 0; round < 10; round += 1) {
      const domain = `racing${round}.example.test`;
      await t.api('POST', '/api/spaces', { domain });
      const [made, deleted] = await Promise.all([
        t.api('POST', '/api/accounts', { username: 'someone', password: 'secret', domain }),
        t.api('DELETE', `/api/spaces/${domain}`),
      ]);
      assert.ok([200, 404, 422].includes(made.status), made.text);
      assert.equal(deleted.status, made.status === 200 ? 409 : 200, deleted.text);
    }
  });

  test('the only super space cannot be deleted or made ordinary', async () => {
    const before = await dumpDatabase(t.app.database);
    assert.equal((await t.api('DELETE', '/api/spaces/sip.example.test?with_accounts=true')).status, 409);
    assert.equal((await t.api('PUT', '/api/spaces/sip.example.test', { super: false })).status, 409);
    assert.deepEqual(await dumpDatabase(t.app.database), before);
  });
});
