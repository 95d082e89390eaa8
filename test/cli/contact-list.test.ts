import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachTerminal } from '../support/cli.ts';

forEachTerminal('ringup contact-list', (open) => {
  async function prepared() {
    const ringup = await open();
    for (const name of ['alice', 'bob', 'carol']) await ringup(`account add ${name} --activated`);
    const { json } = await ringup(['contact-list', 'add', 'Sales', '--description', 'All of them', '--json']);
    return { ringup, id: String(json.id), made: json };
  }
  const usernames = (accounts: readonly { username: string }[]) => accounts.map(({ username }) => username);

  test('add creates a list, set changes it, list counts its members and show names them', async () => {
    const { ringup, id, made } = await prepared();
    const { title, description, domain } = made;
    assert.deepEqual([title, description, domain], ['Sales', 'All of them', 'sip.example.test']);
    await ringup(`contact-list join ${id} alice bob`);
    await ringup(`contact-list give ${id} carol`);
    assert.match(
      (await ringup('contact-list list')).out,
      new RegExp(`^id +title +domain +members +readers\\n${id} +Sales +sip\\.example\\.test +2 +1\\n$`),
    );
    assert.equal((await ringup(`contact-list set ${id} title=Support --json`)).json.title, 'Support');
    const shown = await ringup(`contact-list show ${id}`);
    assert.match(shown.out, /^title +Support$/m);
    assert.match(shown.out, /^members +alice@sip\.example\.test, bob@sip\.example\.test$/m);
    assert.match(shown.out, /^readers +carol@sip\.example\.test$/m);
    const { json } = await ringup(`contact-list show ${id} --json`);
    assert.deepEqual([usernames(json.contacts), usernames(json.readers)], [['alice', 'bob'], ['carol']]);
  });

  test('join, leave, give and take name the accounts, and change nothing if one of them is missing', async () => {
    const { ringup, id } = await prepared();
    const joined = await ringup(`contact-list join ${id} alice bob`);
    assert.equal(joined.out, 'Now in the contact list "Sales": alice@sip.example.test, bob@sip.example.test.\n');
    await ringup(`contact-list join ${id} alice`);
    await ringup(`contact-list give ${id} carol alice`);
    const before = (await ringup(`contact-list show ${id} --json`)).json;
    assert.deepEqual(
      [usernames(before.contacts), usernames(before.readers)],
      [
        ['alice', 'bob'],
        ['alice', 'carol'],
      ],
    );
    const left = await ringup(`contact-list leave ${id} bob bob@sip.example.test`);
    assert.equal(left.out, 'No longer in the contact list "Sales": bob@sip.example.test.\n');
    const taken = await ringup(`contact-list take ${id} alice`);
    assert.equal(taken.out, 'No longer readers of the contact list "Sales": alice@sip.example.test.\n');
    for (const words of [
      `join ${id} bob dave`,
      `give ${id} bob dave`,
      `leave ${id} bob`,
      `leave ${id} alice bob`,
      `take ${id} carol alice`,
      `take ${id} alice`,
      'show 99',
    ]) {
      const { status, out, err } = await ringup(`contact-list ${words}`);
      assert.deepEqual([status, out], [1, ''], words);
      assert.notEqual(err, '');
    }
    const { json } = await ringup(`contact-list show ${id} --json`);
    assert.deepEqual([usernames(json.contacts), usernames(json.readers)], [['alice'], ['carol']]);
  });

  test('leave and take name the account that is not on the list', async () => {
    const { ringup, id } = await prepared();
    const shows = '`./ringup contact-list show` shows who is';
    assert.equal(
      (await ringup(`contact-list leave ${id} bob`)).err,
      `"bob@sip.example.test" is not a member of the contact list "Sales": ${shows}.\n`,
    );
    assert.equal(
      (await ringup(`contact-list take ${id} carol`)).err,
      `"carol@sip.example.test" is not a reader of the contact list "Sales": ${shows}.\n`,
    );
  });

  test('a user name without a domain belongs to the space of the list', async () => {
    const { ringup } = await prepared();
    await ringup('space add two.test');
    await ringup('account add alice@two.test');
    const { json } = await ringup('contact-list add Elsewhere --space two.test --json');
    await ringup(`contact-list join ${json.id} alice`);
    const [member] = (await ringup(`contact-list show ${json.id} --json`)).json.contacts;
    assert.equal(member.domain, 'two.test');
    const titles = async (words: string) =>
      (await ringup(`contact-list list ${words} --json`)).json.map(({ title }: { title: string }) => title);
    assert.deepEqual([await titles(''), await titles('--space two.test')], [['Sales', 'Elsewhere'], ['Elsewhere']]);
  });

  test('delete asks first, and a list without a title is refused', async () => {
    const { ringup, id } = await prepared();
    assert.equal((await ringup(`contact-list delete ${id}`)).status, 1);
    assert.equal((await ringup(`contact-list delete ${id} --yes`)).out, 'Deleted the contact list "Sales".\n');
    assert.equal((await ringup('contact-list list')).out, 'There are no contact lists.\n');
    for (const words of [
      ['add', ''],
      ['add', 'x'.repeat(121)],
      ['set', id, 'colour=red'],
    ]) {
      assert.notEqual((await ringup(['contact-list', ...words])).status, 0, words.join(' '));
    }
    assert.deepEqual((await ringup('contact-list list --json')).json, []);
  });
});
