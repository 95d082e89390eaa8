import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AccountInSpace } from '../../src/accounts/account.ts';
import { updateAccountRow } from '../../src/accounts/account-store.ts';
import {
  createContactList,
  deleteContactList,
  putOnList,
  takeOffList,
} from '../../src/contacts/change-contact-lists.ts';
import { addContact, removeContact } from '../../src/contacts/change-contacts.ts';
import { addOutsideContact, removeOutsideContact } from '../../src/contacts/change-outside-contacts.ts';
import type { ContactList } from '../../src/contacts/contact-list.ts';
import { updateContactListRow } from '../../src/contacts/contact-list-store.ts';
import { updateOutsideContact } from '../../src/contacts/outside-contact-store.ts';
import { operator } from '../../src/events/actor.ts';
import { inTransaction } from '../../src/storage/database.ts';
import type { Transaction } from '../../src/storage/tables.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { watchLocks } from '../support/watch-locks.ts';

forEachDatabase('what is renamed while something else is done with it', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  /** Runs `work` while `rename` is about to be committed. Returns the details of the events of this kind. */
  async function duringRename(
    rename: (tx: Transaction) => Promise<unknown>,
    kind: string,
    work: () => Promise<unknown>,
  ) {
    const { working } = await inTransaction(t.app.database, async (tx) => {
      await rename(tx);
      const untilSomebodyWaits = watchLocks(t.app.database);
      const running = work();
      await untilSomebodyWaits();
      return { working: running };
    });
    await working;
    const { json } = await t.api('GET', `/api/events?kind=${kind}`);
    return json.data.map(({ detail }: { detail: unknown }) => detail);
  }

  const makeList = () => createContactList(t.app, operator, t.app.spaces.first, { title: 'Earlier' });
  const renaming = (list: ContactList) => (tx: Transaction) => updateContactListRow(tx, list.id, { title: 'Later' }, 1);
  const anyone = async (username?: string): Promise<AccountInSpace> => {
    const account = await t.makeAccount(username === undefined ? {} : { username });
    return { account, space: t.app.spaces.first };
  };

  test('has its new name in the event of its deletion, if it is a contact list', async () => {
    const list = await makeList();
    const deleting = () => deleteContactList(t.app, operator, list);
    assert.deepEqual(await duringRename(renaming(list), 'contact-list-deleted', deleting), [{ list: 'Later' }]);
  });

  for (const [side, joined, left] of [
    ['member', 'contact-list-joined', 'contact-list-left'],
    ['reader', 'contact-list-given', 'contact-list-taken'],
  ] as const) {
    test(`has its new name in ${joined} and ${left}, if it is a contact list`, async () => {
      const [list, found] = [await makeList(), await anyone()];
      const people = { accounts: [found], side };
      const putting = () => putOnList(t.app, operator, list, people);
      assert.deepEqual(await duringRename(renaming(list), joined, putting), [{ list: 'Later' }]);
      const taking = () => takeOffList(t.app, operator, list, people);
      assert.deepEqual(await duringRename(renaming(list), left, taking), [{ list: 'Later' }]);
    });
  }

  test('has its new name in the event of its removal, if it is a contact from outside', async () => {
    const fields = { name: 'Earlier', sipUri: 'sip:office@example.com', phone: null, organization: null };
    const given = { name: 'Earlier', sip_uri: fields.sipUri };
    const contact = await addOutsideContact(t.app, operator, t.app.spaces.first, given);
    const rename = (tx: Transaction) => updateOutsideContact(tx, contact.id, { ...fields, name: 'Later' }, 1);
    const removing = () => removeOutsideContact(t.app, operator, contact);
    assert.deepEqual(await duringRename(rename, 'outside-contact-removed', removing), [{ contact: 'Later' }]);
  });

  test('has its new address in the events about a contact, if it is an account', async () => {
    const [owner, contact] = [await anyone(), await anyone('earlier')];
    const rename = (username: string) => (tx: Transaction) => updateAccountRow(tx, contact.account.id, { username });
    const adding = () => addContact(t.app, operator, owner.account, contact);
    assert.deepEqual(await duringRename(rename('later'), 'contact-added', adding), [
      { contact: 'later@sip.example.test' },
    ]);
    const removing = () => removeContact(t.app, operator, owner, contact);
    assert.deepEqual(await duringRename(rename('last'), 'contact-removed', removing), [
      { contact: 'last@sip.example.test' },
    ]);
  });
});
