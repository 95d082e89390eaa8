import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { defaultSettings, type SettingEntry, settingEntries } from '../../src/spaces/setting-values.ts';
import { spaceWith } from '../../src/spaces/space.ts';
import { findSpaceByDomain } from '../../src/spaces/space-store.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { pngPicture } from '../support/pictures.ts';

const domain = 'new.example.test';
const url = `/api/spaces/${domain}`;

/** A value other than the default for each text; of everything else the schema tells one. */
const texts: Readonly<Record<string, string>> = {
  host: 'phones.example.test',
  name: 'New & "improved"',
  registrar: 'sip:reg.example.test:5061;transport=tcp',
  realm: 'Realm',
  linphonerc: '[sip]\nmedia_encryption=srtp\n',
  token_lifetime: '36h',
  username_pattern: '^[a-z]+$',
  turn_server: 'turns:turn.example.test?transport=tcp',
  turn_secret: 'shared with coturn',
  turn_lifetime: '2d',
  turn_realm: 'turn',
  phone_country: 'FR',
  time_zone: 'Europe/Paris',
  contact_text: 'Reception, number 100',
  mail_from: 'Phones <phones@example.test>',
  mail_reply_to: 'help@example.test',
  mail_introduction_en: 'Hello {name},\nthis is your number: {sip_uri}',
  mail_introduction_fr: 'Bonjour {name},\nvoici votre numéro : {sip_uri}',
  smtp_url: 'smtps://ringup:secret@mail.example.test',
  logo: pngPicture(8, 8).toString('base64'),
  root_ca: readFileSync(new URL('../support/authority.pem', import.meta.url), 'utf8'),
};
const lists: Readonly<Record<string, readonly string[]>> = { algorithms: ['MD5'], seeded: ['sip/*', 'ui/theme'] };

/** What a setting cannot be changed without. */
const together: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  realm: { confirm: true },
  turn_in_document: { turn_server: 'turn.example.test', turn_secret: 'shared with coturn' },
};

function otherValue({ name, setting }: SettingEntry): unknown {
  const schema: Readonly<Record<string, unknown>> = { ...setting.schema };
  const usual = setting.defaultOf(domain);
  if (Array.isArray(schema.enum)) return schema.enum.find((each) => each !== usual);
  if (schema.type === 'boolean') return usual !== true;
  if ([schema.type].flat().includes('integer')) return usual === schema.maximum ? schema.minimum : schema.maximum;
  const value = texts[name] ?? lists[name];
  assert.ok(value !== undefined, `give this test another value of ${name}`);
  return value;
}

forEachDatabase('every setting of a space', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.api('POST', '/api/spaces', { domain });
  });
  after(() => t.close());

  const columnsOf = async () => {
    const { rows } = await sql<Record<string, unknown>>`select * from spaces where domain = ${domain}`.execute(
      t.app.database,
    );
    return rows[0] ?? {};
  };
  const lastChange = async () => (await t.api('GET', '/api/events?kind=space-changed&per_page=500')).json.data.at(-1);

  test('is shown, in the order of the table, and has a column', async () => {
    const fields = ['id', 'domain', ...settingEntries.map(({ shownAs }) => shownAs), 'created_at', 'updated_at'];
    assert.deepEqual(Object.keys((await t.api('GET', url)).json), fields);
    const columns = ['id', 'domain', ...settingEntries.map(({ name }) => name), 'created_at', 'updated_at'];
    assert.deepEqual(Object.keys(await columnsOf()).sort(), columns.sort());
  });

  test('has its default in a new space', async () => {
    const space = t.app.spaces.getByDomain(domain);
    assert.deepEqual(space, spaceWith(defaultSettings(domain), space));
  });

  for (const entry of settingEntries) {
    const { name, property, shownAs, setting } = entry;

    test(`${name} is accepted, stored, shown, recorded and can be changed back`, async () => {
      const [shown, columns] = [(await t.api('GET', url)).json, await columnsOf()];
      const value = otherValue(entry);
      const changed = await t.api('PUT', url, { ...together[name], [name]: value });
      assert.equal(changed.status, 200, changed.text);
      assert.deepEqual((await t.api('GET', url)).json, changed.json);
      const expected = { ...shown, [shownAs]: setting.secret ? true : value };
      const others = ['updated_at', 'turn_server', 'turn_secret_set'].filter((each) => each !== shownAs);
      for (const each of others) expected[each] = changed.json[each];
      assert.deepEqual(changed.json, expected);
      assert.notDeepEqual((await columnsOf())[name], columns[name]);
      const stored = await findSpaceByDomain(t.app.database, domain);
      assert.deepEqual(stored?.[property], setting.hold(value));
      assert.deepEqual(stored, t.app.spaces.getByDomain(domain));
      assert.match((await lastChange()).detail.fields, new RegExp(`\\b${name}$`));

      const back = setting.defaultOf(domain) === null ? null : shown[name];
      const undone = { turn_server: null, turn_secret: null, confirm: true, [name]: back };
      assert.equal((await t.api('PUT', url, undone)).status, 200);
      assert.deepEqual({ ...(await columnsOf()), updated_at: 0 }, { ...columns, updated_at: 0 });
    });

    test(`${name} can be set when the space is created`, async () => {
      const { confirm: _, ...others } = together[name] ?? {};
      const fields = { domain: 'brief.example.test', ...others, [name]: otherValue(entry) };
      const made = await t.api('POST', '/api/spaces', fields);
      assert.equal(made.status, 201, made.text);
      assert.deepEqual(made.json[shownAs], setting.secret ? true : otherValue(entry));
      assert.equal((await t.api('DELETE', '/api/spaces/brief.example.test')).status, 200);
    });

    test(`${name} is refused with its name if it is invalid`, async () => {
      const before = await dumpDatabase(t.app.database);
      const wrong = { [name]: {} };
      for (const answer of [
        await t.api('PUT', url, wrong),
        await t.api('POST', '/api/spaces', { domain: 'wrong.example.test', ...wrong }),
      ]) {
        assert.equal(answer.status, 422);
        assert.deepEqual(Object.keys(answer.json.errors), [name]);
      }
      assert.deepEqual(await dumpDatabase(t.app.database), before);
    });
  }

  test('is reported together with all others if it breaks a rule beyond its schema', async () => {
    const wrong = {
      domain: 'x y',
      host: 'a/b',
      realm: 'a:b',
      seeded: ['x', 'y'],
      username_pattern: '(',
      turn_realm: '"',
    };
    const { status, json } = await t.api('PUT', url, wrong);
    assert.equal(status, 422);
    assert.deepEqual(Object.keys(json.errors), Object.keys(wrong));
    assert.equal(json.errors.seeded.length, 2);
  });
});

forEachDatabase('a change of a space', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const own = '/api/spaces/sip.example.test';
  const changes = async () => (await t.api('GET', '/api/events?kind=space-changed')).json.data;

  test('records an event with the names of the settings that changed', async () => {
    const { json } = await t.api('GET', own);
    const { status } = await t.api('PUT', own, {
      domain: json.domain,
      name: json.name,
      seeded: ['sip/*'],
      algorithms: json.algorithms,
      turn_lifetime: '24h',
      retry_window: 60,
      confirm: true,
    });
    assert.equal(status, 200);
    const [told, ...others] = await changes();
    assert.deepEqual(told.detail, { domain: json.domain, fields: 'seeded, retry_window' });
    assert.deepEqual(others, []);
  });

  test('accepts a list of patterns from before its limit, as long as it stays the same', async () => {
    const seeded = Array.from({ length: 101 }, (_, at) => `sip/${at}*`);
    const { id } = t.app.spaces.first;
    const before = (await t.api('GET', own)).json.seeded;
    await sql`update spaces set seeded = ${JSON.stringify(seeded)} where id = ${id}`.execute(t.app.database);
    assert.equal((await t.api('PUT', own, { linphonerc: '[sip]\n7=1\nx=1\n' })).status, 200);
    const { text } = await t.api('GET', '/provisioning');
    assert.match(text, /<entry name="7">1<.*<entry name="x" overwrite="true">1</s);
    const { json } = await t.api('GET', own);
    assert.deepEqual(json.seeded, seeded);
    assert.equal((await t.api('PUT', own, { ...json, name: 'Later' })).status, 200);
    const refused = await t.api('PUT', own, { seeded: [...seeded, 'sip/more*'] });
    assert.equal(refused.status, 422);
    assert.deepEqual(refused.json.errors, { seeded: ['must not have more than 100 patterns with *'] });
    assert.equal((await t.api('PUT', own, { seeded: before, linphonerc: '', name: json.name })).status, 200);
  });

  test('succeeds without changes, and then does not touch the space or the timeline', async () => {
    const before = (await t.api('GET', own)).json;
    const told = await changes();
    t.advance(5_000);
    for (const fields of [{}, { retry_window: 60, seeded: ['sip/*'], token_lifetime: null, name: before.name }]) {
      const answer = await t.api('PUT', own, fields);
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.json, before);
    }
    assert.deepEqual(await changes(), told);
  });
});

test('the manual names every setting of a space, with its default and what it means', () => {
  const page = readFileSync(new URL('../../docs/space-settings.md', import.meta.url), 'utf8');
  for (const { name, setting } of settingEntries) {
    const [, row = ''] = new RegExp(`^\\| \`${name}\` (\\|.*)$`, 'm').exec(page) ?? [];
    const cells = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
    assert.ok(cells.length === 5 && cells.slice(1, 4).every((cell) => cell !== ''), `${name}: ${row}`);
    assert.ok('description' in setting.schema && cells[3] === setting.schema.description, name);
  }
});
