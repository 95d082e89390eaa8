import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';
import { openPanel, type PanelBrowser } from '../support/panel.ts';

forEachDatabase('contact lists that several people change at once', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
  });
  after(() => t.close());

  const makeList = async (title: string): Promise<number> =>
    (await t.api('POST', '/api/contacts_lists', { title })).json.id;
  const join = async (list: number, account: number) =>
    (await t.api('POST', `/api/contacts_lists/${list}/contacts/${account}`)).status;
  const leave = async (list: number, account: number) =>
    (await t.api('DELETE', `/api/contacts_lists/${list}/contacts/${account}`)).status;
  const membersOf = async (list: number): Promise<number[]> =>
    (await t.api('GET', `/api/contacts_lists/${list}`)).json.contacts.map(({ id }: { id: number }) => id);
  const recordedDuring = async (work: () => Promise<unknown>): Promise<string[]> => {
    const before = await latestEvent(t.app);
    await work();
    return (await changesAfter(t.app, before)).map(({ kind }) => kind);
  };

  test('an account that eight requests add to a list is in it once, with one event', async () => {
    const [list, { id }] = [await makeList('Once'), await t.makeAccount()];
    const kinds = await recordedDuring(async () => {
      const statuses = await Promise.all(Array.from({ length: 8 }, () => join(list, id)));
      assert.deepEqual(new Set(statuses), new Set([200]));
    });
    assert.deepEqual(await membersOf(list), [id]);
    assert.deepEqual(kinds, ['contact-list-joined']);
  });

  test('an account that four requests remove from a list at once is removed once, with one event', async () => {
    const [list, { id }] = [await makeList('Off'), await t.makeAccount()];
    await join(list, id);
    const kinds = await recordedDuring(async () => {
      const statuses = await Promise.all(Array.from({ length: 4 }, () => leave(list, id)));
      assert.deepEqual(statuses.sort(), [200, 404, 404, 404]);
    });
    assert.deepEqual(await membersOf(list), []);
    assert.deepEqual(kinds, ['contact-list-left']);
  });

  test('a list and a contact from outside that are saved as they are have not changed', async () => {
    const list = `/api/contacts_lists/${await makeList('Same')}`;
    // Pasted from a table.
    assert.equal((await t.api('PUT', list, { description: 'a\tb' })).status, 200);
    const contacts = '/api/spaces/sip.example.test/outside_contacts';
    const contact = { name: 'Taxi', phone: '+33601020304', organization: null };
    const outside = `${contacts}/${(await t.api('POST', contacts, contact)).json.id}`;
    const shown = async () => [(await t.api('GET', list)).json, (await t.api('GET', contacts)).json];
    const before = await shown();
    t.advance(60_000);
    const kinds = await recordedDuring(async () => {
      assert.equal((await t.api('PUT', list, {})).status, 200);
      assert.equal((await t.api('PUT', list, { title: 'Same', description: 'a\tb' })).status, 200);
      assert.equal((await t.api('PUT', outside, {})).status, 200);
      assert.equal((await t.api('PUT', outside, { ...contact, phone: '+33 6 01 02 03 04' })).status, 200);
    });
    assert.deepEqual([kinds, await shown()], [[], before]);
  });

  test('a list keeps both changes when one request changes its title and another its description', async () => {
    for (let round = 0; round < 5; round += 1) {
      const list = await makeList('Before');
      const changes = [{ title: `After ${round}` }, { description: 'Whom customers ask for' }];
      await Promise.all(changes.map((each) => t.api('PUT', `/api/contacts_lists/${list}`, each)));
      const { title, description } = (await t.api('GET', `/api/contacts_lists/${list}`)).json;
      assert.deepEqual([title, description], [`After ${round}`, 'Whom customers ask for']);
    }
  });

  test('a list that is deleted while accounts join it keeps no members, and late requests return 404', async () => {
    const accounts = await Promise.all(Array.from({ length: 6 }, () => t.makeAccount()));
    for (let round = 0; round < 5; round += 1) {
      const list = await makeList(`Deleted ${round}`);
      const [deleted, ...joined] = await Promise.all([
        t.api('DELETE', `/api/contacts_lists/${list}`),
        ...accounts.map(({ id }) => join(list, id)),
      ]);
      assert.equal(deleted.status, 200);
      assert.deepEqual(
        joined.filter((status) => status !== 200 && status !== 404),
        [],
      );
      const left = await t.app.database
        .selectFrom('contact_list_members')
        .selectAll()
        .where('list_id', '=', list)
        .execute();
      assert.deepEqual(left, []);
    }
  });

  test('an account that is deleted while it joins lists is not a member of any list', async () => {
    const lists = [await makeList('One'), await makeList('Two'), await makeList('Three')];
    for (let round = 0; round < 5; round += 1) {
      const { id } = await t.makeAccount();
      const [deleted, ...joined] = await Promise.all([
        t.api('DELETE', `/api/accounts/${id}`),
        ...lists.map((list) => join(list, id)),
      ]);
      assert.equal(deleted.status, 200);
      assert.deepEqual(
        joined.filter((status) => status !== 200 && status !== 404),
        [],
      );
      for (const list of lists) assert.ok(!(await membersOf(list)).includes(id));
    }
  });

  test('an administrator takes people of another space off their list, whom only a super administrator put on it', async () => {
    const domain = 'lists.example.test';
    await t.api('POST', '/api/spaces', { domain });
    const boss = await t.makeAccount({ domain, admin: true, activated: true });
    const key = (await t.api('POST', `/api/accounts/${boss.id}/api_keys`, { name: 'boss' })).json.api_key;
    const remove = async (url: string) => {
      const { statusCode, body } = await t.server.inject({ method: 'DELETE', url, headers: { 'x-api-key': key } });
      return [statusCode, statusCode === 200 ? undefined : JSON.parse(body).message];
    };
    const [{ id }, other] = [await t.makeAccount(), await t.makeAccount()];
    const list = (await t.api('POST', '/api/contacts_lists', { title: 'Far', domain })).json.id;
    assert.equal(await join(list, id), 200);
    assert.equal((await t.api('POST', `/api/accounts/${id}/contacts_lists/${list}`)).status, 200);
    const kinds = await recordedDuring(async () => {
      assert.deepEqual(await remove(`/api/contacts_lists/${list}/contacts/${id}`), [200, undefined]);
      assert.deepEqual(await remove(`/api/accounts/${id}/contacts_lists/${list}`), [200, undefined]);
    });
    assert.deepEqual(kinds, ['contact-list-left', 'contact-list-taken']);
    for (const each of [id, other.id]) {
      const notThere = [404, `There is no account "${each}".`];
      assert.deepEqual(await remove(`/api/contacts_lists/${list}/contacts/${each}`), notThere);
      assert.deepEqual(await remove(`/api/accounts/${each}/contacts_lists/${list}`), notThere);
    }
  });

  test('two requests that name the same people in opposite orders do not deadlock', async () => {
    const accounts = await Promise.all(Array.from({ length: 20 }, () => t.makeAccount()));
    const names = accounts.map(({ username }) => username);
    for (let round = 0; round < 5; round += 1) {
      const list = await makeList(`Both ${round}`);
      const put = (member: readonly string[]) =>
        browser.post(`/admin/spaces/sip.example.test/contacts/lists/${list}`, {
          action: 'put',
          side: 'member',
          member: member.join(' '),
        });
      const answers = await Promise.all([put(names), put(names.toReversed()), put(names), put(names.toReversed())]);
      assert.deepEqual(
        answers.map(({ status }) => status),
        [303, 303, 303, 303],
      );
      assert.deepEqual(
        await membersOf(list),
        accounts.map(({ id }) => id).sort((a, b) => a - b),
      );
    }
  });
});
