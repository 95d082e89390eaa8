import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('contacts', (makeUrl) => {
  let t: TestApp;
  let alice: Account;
  let bob: Account;
  let carol: Account;
  let key: string;
  before(async () => {
    t = await openTestApp(await makeUrl());
    alice = await t.makeAccount({ username: 'alice', activated: true });
    bob = await t.makeAccount({
      username: 'bob',
      display_name: 'Bob, "the" \\ Builder; son',
      email: 'bob@example.com',
      phone: '+33601020304',
      admin: true,
      activated: true,
    });
    await t.api('POST', '/api/spaces', { domain: 'other.example.test' });
    carol = await t.makeAccount({ username: 'carol', domain: 'other.example.test', dtmf_protocol: 'rfc2833' });
    key = (await t.api('POST', `/api/accounts/${alice.id}/api_keys`, {})).json.api_key;
  });
  after(() => t.close());

  const mine = (url: string) => t.server.inject({ url, headers: { 'x-api-key': key } });
  const add = (owner: Account, contact: Account) => t.api('POST', `/api/accounts/${owner.id}/contacts/${contact.id}`);
  const remove = (owner: Account, contact: Account) =>
    t.api('DELETE', `/api/accounts/${owner.id}/contacts/${contact.id}`);
  const bobsCard = () =>
    [
      'BEGIN:VCARD',
      'VERSION:4.0',
      `UID:ringup-account-${bob.id}@sip.example.test`,
      'FN:Bob\\, "the" \\\\ Builder; son',
      'IMPP:sip:bob@sip.example.test',
      'TEL:+33601020304',
      'X-LINPHONE-ACCOUNT-DTMF-PROTOCOL:sipinfo',
      'END:VCARD',
      '',
    ].join('\r\n');
  const carolsCard = () =>
    [
      'BEGIN:VCARD',
      'VERSION:4.0',
      `UID:ringup-account-${carol.id}@other.example.test`,
      'FN:carol@other.example.test',
      'IMPP:sip:carol@other.example.test',
      'X-LINPHONE-ACCOUNT-DTMF-PROTOCOL:rfc2833',
      'END:VCARD',
      '',
    ].join('\r\n');

  test('an account without contacts has no cards and an empty list', async () => {
    const cards = await mine('/contacts/vcard');
    assert.equal(cards.statusCode, 200);
    assert.match(String(cards.headers['content-type']), /^text\/vcard(;|$)/);
    assert.equal(cards.headers['cache-control'], 'no-store');
    assert.equal(cards.body, '');
    assert.deepEqual((await mine('/api/accounts/me/contacts')).json(), []);
    assert.deepEqual((await t.api('GET', `/api/accounts/${alice.id}/contacts`)).json, []);
  });

  test('an administrator adds contacts, which are accounts; adding one again changes nothing', async () => {
    const added = await add(alice, bob);
    assert.equal(added.status, 200);
    assert.deepEqual(added.json, (await t.api('GET', `/api/accounts/${bob.id}`)).json);
    const before = await dumpDatabase(t.app.database);
    assert.equal((await add(alice, bob)).status, 200);
    assert.deepEqual(await dumpDatabase(t.app.database), before);
    assert.equal((await add(alice, carol)).status, 200);
    assert.deepEqual(
      (await t.api('GET', `/api/accounts/${alice.id}/contacts`)).json.map((each: Account) => each.id),
      [bob.id, carol.id],
    );
    assert.deepEqual((await t.api('GET', `/api/accounts/${bob.id}/contacts`)).json, []);
  });

  test('the address book has one card after another, in exactly this form', async () => {
    assert.equal((await mine('/contacts/vcard')).body, `${bobsCard()}${carolsCard()}`);
    assert.equal((await mine('/contacts/vcard')).body, `${bobsCard()}${carolsCard()}`);
  });

  for (const written of ['bob@sip.example.test', 'sip:bob@sip.example.test', 'sip%3Abob%40SIP.example.test']) {
    test(`the contact ${written} can be read alone, as a card and as an account`, async () => {
      assert.equal((await mine(`/contacts/vcard/${written}`)).body, bobsCard());
      assert.equal((await mine(`/api/accounts/me/contacts/${written}`)).json().id, bob.id);
    });
  }

  test('a user sees what the card of a contact contains, but not its e-mail address, phone number, rights, note, group or linphonerc', async () => {
    const [seen] = (await mine('/api/accounts/me/contacts')).json();
    const { linphonerc: _, note: __, group: ___, ...whole } = (await t.api('GET', `/api/accounts/${bob.id}`)).json;
    assert.deepEqual(Object.keys(seen), Object.keys(whole));
    assert.deepEqual(seen, { ...whole, email: null, phone: null, language: null, admin: false, passwords: [] });
  });

  for (const sip of [
    'alice@sip.example.test',
    'bob@other.example.test',
    'nobody@sip.example.test',
    'bob',
    '%00',
    'x'.repeat(5_000),
  ]) {
    test(`${sip.slice(0, 30)} is not a contact of alice and returns 404`, async () => {
      const card = await mine(`/contacts/vcard/${sip}`);
      assert.equal(card.statusCode, 404);
      assert.match(String(card.headers['content-type']), /^text\/plain/);
      const json = await mine(`/api/accounts/me/contacts/${sip}`);
      assert.equal(json.statusCode, 404);
      assert.equal(json.headers['content-type'], 'application/json');
    });
  }

  test('a blocked contact is left out until it is unblocked', async () => {
    await t.api('POST', `/api/accounts/${carol.id}/block`);
    assert.equal((await mine('/contacts/vcard')).body, bobsCard());
    assert.equal((await mine('/contacts/vcard/carol@other.example.test')).statusCode, 404);
    await t.api('POST', `/api/accounts/${carol.id}/unblock`);
    assert.equal((await mine('/contacts/vcard')).body, `${bobsCard()}${carolsCard()}`);
  });

  test('only a card that Linphone would not read is left out', async () => {
    await t.app.database.updateTable('accounts').set({ display_name: 'a\u0001b' }).where('id', '=', bob.id).execute();
    assert.equal((await mine('/contacts/vcard')).body, carolsCard());
    await t.app.database
      .updateTable('accounts')
      .set({ display_name: bob.displayName })
      .where('id', '=', bob.id)
      .execute();
  });

  test('an account cannot be its own contact, and an unknown account cannot be a contact', async () => {
    const before = await dumpDatabase(t.app.database);
    const self = await add(alice, alice);
    assert.deepEqual([self.status, self.json.code, self.json.errors], [409, 'conflict', undefined]);
    assert.equal(self.json.message, 'An account cannot be a contact of itself.');
    for (const id of ['999999', '0', 'x', '%00', '9'.repeat(30)]) {
      assert.equal((await t.api('POST', `/api/accounts/${alice.id}/contacts/${id}`)).status, 404, id);
      assert.equal((await t.api('DELETE', `/api/accounts/${alice.id}/contacts/${id}`)).status, 404, id);
      assert.equal((await t.api('POST', `/api/accounts/${id}/contacts/${alice.id}`)).status, 404, id);
    }
    assert.deepEqual(await dumpDatabase(t.app.database), before);
  });

  test('removing a contact a second time returns 404', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => remove(alice, bob)));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 404, 404, 404]);
    assert.equal((await mine('/contacts/vcard')).body, carolsCard());
  });

  test('eight requests that add the same contact at once all succeed, and the contact is listed once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => add(alice, bob)));
    assert.ok(answers.every((answer) => answer.status === 200));
    assert.equal((await t.api('GET', `/api/accounts/${alice.id}/contacts`)).json.length, 2);
  });

  test('an account that is deleted while it becomes a contact is in no list of contacts', async () => {
    for (let round = 0; round < 5; round += 1) {
      const brief = await t.makeAccount();
      const [deleted, ...added] = await Promise.all([
        t.api('DELETE', `/api/accounts/${brief.id}`),
        ...[alice, bob, carol].map((owner) => add(owner, brief)),
        ...[alice, bob, carol].map((contact) => add(brief, contact)),
      ]);
      assert.equal(deleted?.status, 200);
      assert.deepEqual(
        added.filter(({ status }) => status !== 200 && status !== 404),
        [],
      );
      const left = t.app.database.selectFrom('contacts').selectAll();
      const either = left.where((row) => row.or([row('account_id', '=', brief.id), row('contact_id', '=', brief.id)]));
      assert.deepEqual(await either.execute(), []);
    }
  });

  test('a deleted account is removed from all contacts', async () => {
    const brief = await t.makeAccount();
    await add(alice, brief);
    await t.api('DELETE', `/api/accounts/${brief.id}`);
    assert.equal((await t.api('GET', `/api/accounts/${alice.id}/contacts`)).json.length, 2);
  });
});
