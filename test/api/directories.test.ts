import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { maxOutsideContacts } from '../../src/contacts/change-outside-contacts.ts';
import { condenseDirectories } from '../../src/contacts/shared-directories.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { parseVcards } from '../support/strict-vcard.ts';

const outside = '/api/spaces/sip.example.test/outside_contacts';

forEachDatabase("a company's address books", (makeUrl) => {
  let t: TestApp;
  let alice: Account;
  let bob: Account;
  let carol: Account;
  let keys: ReadonlyMap<number, string>;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.api('POST', '/api/spaces', { domain: 'other.example.test' });
    alice = await t.makeAccount({ username: 'alice', activated: true, phone: '+33601020304' });
    bob = await t.makeAccount({ username: 'bob', activated: true });
    carol = await t.makeAccount({ username: 'carol', activated: true, domain: 'other.example.test' });
    const made = [alice, bob, carol].map(async ({ id }) => {
      const { api_key } = (await t.api('POST', `/api/accounts/${id}/api_keys`, {})).json;
      return [id, api_key] as const;
    });
    keys = new Map(await Promise.all(made));
  });
  after(() => t.close());

  const asked = ({ id }: Account, url: string) =>
    t.server.inject({ url, headers: { 'x-api-key': keys.get(id) ?? '' } });
  /** Whom a phone of the account has in its address book. */
  const bookOf = async (account: Account) =>
    parseVcards((await asked(account, '/contacts/vcard')).rawPayload)
      .map(({ fullName }) => fullName.replace(/@.*/, ''))
      .sort();
  const idsOf = async (account: Account) =>
    (await asked(account, '/api/accounts/me/contacts')).json().map(({ id }: Account) => id);

  test('are empty without chosen contacts, until the directory is open to everyone', async () => {
    assert.deepEqual(await bookOf(alice), []);
    await t.setSpace({ directory: 'everyone' });
    assert.deepEqual(await bookOf(alice), ['admin', 'bob']);
    assert.deepEqual(await bookOf(bob), ['admin', 'alice']);
    assert.deepEqual(await bookOf(carol), [], 'another space');
    const [first] = parseVcards((await asked(bob, '/contacts/vcard')).rawPayload).filter(
      ({ fullName }) => fullName === 'alice@sip.example.test',
    );
    assert.equal(first?.phone, '+33601020304');
  });

  test('list the same accounts as JSON, and return each of them alone', async () => {
    const [admin] = (await t.api('GET', '/api/accounts?search=admin')).json.data;
    assert.deepEqual(await idsOf(alice), [admin.id, bob.id]);
    assert.equal((await asked(alice, '/contacts/vcard/bob@sip.example.test')).statusCode, 200);
    assert.equal((await asked(alice, '/api/accounts/me/contacts/bob@sip.example.test')).statusCode, 200);
    for (const other of ['alice@sip.example.test', 'carol@other.example.test']) {
      assert.equal((await asked(alice, `/contacts/vcard/${other}`)).statusCode, 404, other);
    }
  });

  test('share one buffer until an account changes, and then show the change at once', async () => {
    const space = t.app.spaces.first;
    const kept = await t.app.directories.of(space);
    await bookOf(alice);
    assert.equal(await t.app.directories.of(space), kept);
    const changes: readonly (readonly [string, 'POST' | 'PUT' | 'DELETE', string, object?])[] = [
      ['a new name', 'PUT', `/api/accounts/${bob.id}`, { display_name: 'Bob' }],
      ['a new number', 'PUT', `/api/accounts/${bob.id}`, { phone: '+33601020305' }],
      ['a block', 'POST', `/api/accounts/${bob.id}/block`],
      ['the end of a block', 'POST', `/api/accounts/${bob.id}/unblock`],
      ['somebody from outside', 'POST', outside, { name: 'Taxi', phone: '+33472000000' }],
    ];
    let before = kept;
    for (const [what, method, url, body] of changes) {
      assert.equal((await t.api(method, url, body)).status, 200, what);
      const now = await t.app.directories.of(space);
      assert.notEqual(now, before, what);
      before = now;
    }
    const dora = await t.makeAccount({ username: 'dora' });
    assert.deepEqual(await bookOf(alice), ['Bob', 'Taxi', 'admin', 'dora']);
    await t.api('DELETE', `/api/accounts/${dora.id}`);
    assert.deepEqual(await bookOf(alice), ['Bob', 'Taxi', 'admin']);
  });

  test('are not built again after a change that no card shows', async () => {
    const kept = await t.app.directories.of(t.app.spaces.first);
    await t.api('PUT', `/api/accounts/${bob.id}`, { email: 'bob@example.com' });
    await t.api('POST', `/api/accounts/${bob.id}/provision`);
    assert.equal(await t.app.directories.of(t.app.spaces.first), kept);
  });

  test('still show each change after the records of changes were condensed', async () => {
    const count = () => t.app.database.selectFrom('directory_changes').selectAll().execute();
    await condenseDirectories(t.app);
    assert.equal((await count()).filter(({ space_id }) => space_id === t.app.spaces.first.id).length, 1);
    const kept = await t.app.directories.of(t.app.spaces.first);
    await condenseDirectories(t.app);
    assert.equal(await t.app.directories.of(t.app.spaces.first), kept);
    await t.api('PUT', `/api/accounts/${bob.id}`, { display_name: 'Robert' });
    await condenseDirectories(t.app);
    assert.deepEqual(await bookOf(alice), ['Robert', 'Taxi', 'admin']);
    await t.api('PUT', `/api/accounts/${bob.id}`, { display_name: 'Bob' });
  });

  test('list contacts of other spaces after the directory, and each account once', async () => {
    for (const contact of [bob, carol]) await t.api('POST', `/api/accounts/${alice.id}/contacts/${contact.id}`);
    assert.deepEqual(await bookOf(alice), ['Bob', 'Taxi', 'admin', 'carol']);
    await t.setSpace({ directory: 'chosen' });
    assert.deepEqual(await bookOf(alice), ['Bob', 'Taxi', 'carol']);
    assert.deepEqual(await bookOf(bob), ['Taxi']);
  });

  test('contain the members of the lists that the account reads, without the account itself', async () => {
    const made = await t.api('POST', '/api/contacts_lists', { title: 'Sales', description: 'Whom customers ask for' });
    assert.equal(made.status, 200);
    const list = `/api/contacts_lists/${made.json.id}`;
    for (const { id } of [alice, bob, carol]) assert.equal((await t.api('POST', `${list}/contacts/${id}`)).status, 200);
    const reads = `/api/accounts/${bob.id}/contacts_lists/${made.json.id}`;
    assert.equal((await t.api('POST', reads)).status, 200);
    assert.deepEqual(await bookOf(bob), ['Taxi', 'alice', 'carol']);
    assert.deepEqual(await idsOf(bob), [alice.id, carol.id]);
    assert.deepEqual(
      (await t.api('GET', `/api/accounts/${bob.id}/contacts_lists`)).json.map(({ title }: { title: string }) => title),
      ['Sales'],
    );
    const whole = (await t.api('GET', list)).json;
    assert.deepEqual(
      whole.contacts.map(({ id }: Account) => id),
      [alice.id, bob.id, carol.id],
    );
    assert.equal(whole.domain, 'sip.example.test');
    assert.equal((await t.api('PUT', list, { title: 'Everybody' })).json.description, 'Whom customers ask for');
    await t.api('DELETE', `${list}/contacts/${alice.id}`);
    assert.deepEqual(await bookOf(bob), ['Taxi', 'carol']);
    assert.equal((await t.api('DELETE', `${list}/contacts/${alice.id}`)).status, 404);
    await t.api('DELETE', reads);
    assert.deepEqual(await bookOf(bob), ['Taxi']);
    assert.equal((await t.api('DELETE', reads)).status, 404);
    await t.api('POST', reads);
    assert.equal((await t.api('DELETE', list)).status, 200);
    assert.deepEqual(await bookOf(bob), ['Taxi']);
    assert.equal((await t.api('GET', list)).status, 404);
  });

  test('hide lists and contacts from outside from an administrator of another space', async () => {
    const admin = await t.makeAccount({ activated: true, admin: true, domain: 'other.example.test' });
    const key = (await t.api('POST', `/api/accounts/${admin.id}/api_keys`, {})).json.api_key;
    const { id } = (await t.api('POST', '/api/contacts_lists', { title: 'Ours' })).json;
    const call = async (method: 'GET' | 'POST' | 'DELETE', url: string) =>
      t.server.inject({ method, url, headers: { 'x-api-key': key } });
    assert.deepEqual((await call('GET', '/api/contacts_lists')).json(), []);
    for (const url of [`/api/contacts_lists/${id}`, outside]) assert.equal((await call('GET', url)).statusCode, 404);
    for (const url of [
      `/api/contacts_lists/${id}/contacts/${admin.id}`,
      `/api/accounts/${admin.id}/contacts_lists/${id}`,
    ]) {
      assert.equal((await call('POST', url)).statusCode, 404, url);
    }
    assert.equal((await call('DELETE', `/api/contacts_lists/${id}`)).statusCode, 404);
    assert.equal((await call('GET', '/api/spaces/other.example.test/outside_contacts')).statusCode, 200);
  });

  test('contain a contact from outside with an address or a number in the form that phones use', async () => {
    const { status, json } = await t.api('POST', outside, { name: 'Office', sip_uri: 'office@example.com' });
    assert.equal(status, 200);
    assert.equal(json.sip_uri, 'sip:office@example.com');
    const url = `${outside}/${json.id}`;
    assert.equal((await t.api('PUT', url, { phone: '+33 4 72 00 00 01' })).json.phone, '+33472000001');
    assert.equal((await t.api('PUT', url, { sip_uri: null })).json.sip_uri, null);
    for (const [body, field] of [
      [{ phone: null }, 'sip_uri'],
      [{ sip_uri: 'not an address' }, 'sip_uri'],
      [{ phone: '123' }, 'phone'],
      [{ name: 'a\nb' }, 'name'],
      [{ organization: 'a\u0000b' }, 'organization'],
    ] as const) {
      const refused = await t.api('PUT', url, body);
      assert.equal(refused.status, 422, JSON.stringify(body));
      assert.deepEqual(Object.keys(refused.json.errors), [field]);
    }
    assert.equal((await t.api('DELETE', url)).status, 200);
    const gone = await t.api('PUT', url, { name: 'x' });
    assert.equal(gone.status, 404);
    assert.match(gone.json.message, new RegExp(`^This space has no contact "${json.id}" from outside: `));
  });

  test('keep simultaneous changes to different fields of a contact from outside', async () => {
    const fields = { name: 'Desk', sip_uri: 'sip:desk@example.com', phone: '+33472000002', organization: 'Desks' };
    const { id } = (await t.api('POST', outside, { name: 'Office', sip_uri: 'sip:office@example.com' })).json;
    const changes = Object.entries(fields).map(([field, value]) => ({ [field]: value }));
    const answers = await Promise.all(changes.map((each) => t.api('PUT', `${outside}/${id}`, each)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    const { id: _, ...changed } = (await t.api('PUT', `${outside}/${id}`, {})).json;
    assert.deepEqual({ ...changed, ...fields }, changed);
    const ended = await Promise.all(
      [{ sip_uri: null }, { phone: null }].map((each) => t.api('PUT', `${outside}/${id}`, each)),
    );
    assert.deepEqual(ended.map(({ status }) => status).sort(), [200, 422], 'one of both stays');
    assert.equal((await t.api('DELETE', `${outside}/${id}`)).status, 200);
  });

  test('contain at most 10,000 contacts from outside, even if several are added at once', async () => {
    const { id: space_id } = t.app.spaces.getByDomain('other.example.test');
    const row = { space_id, name: 'Taxi', sip_uri: 'sip:taxi@example.com', phone: null, organization: null };
    const rows = Array.from({ length: 1_000 }, () => ({ ...row, created_at: 0, updated_at: 0 }));
    for (let count = 1_000; count < maxOutsideContacts; count += 1_000) {
      await t.app.database.insertInto('outside_contacts').values(rows).execute();
    }
    await t.app.database.insertInto('outside_contacts').values(rows.slice(1)).execute();
    const url = '/api/spaces/other.example.test/outside_contacts';
    const add = async () => (await t.api('POST', url, { name: 'the last', sip_uri: 'sip:more@example.com' })).status;
    assert.deepEqual((await Promise.all([add(), add(), add(), add()])).sort(), [200, 409, 409, 409]);
    assert.equal(await add(), 409);
  });

  test('are listed after an id, and nonsense in its place is refused instead of giving the first page for ever', async () => {
    for (const [after, status] of [
      ['0', 200],
      ['1', 200],
      ['', 422],
      ['abc', 422],
      ['99999999999', 422],
    ] as const) {
      assert.equal((await t.api('GET', `${outside}?after=${after}`)).status, status, after);
    }
  });
});
