import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachTerminal } from '../support/cli.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('note, group and language of an account', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const noted = (json: Record<string, unknown>) => [json.note, json.group, json.language];

  test('are empty by default, and stored without spaces at their ends', async () => {
    const plain = await t.api('POST', '/api/accounts', { username: 'plain', password: 'secret' });
    assert.deepEqual(noted(plain.json), [null, null, null]);
    const fields = { note: ' Ground floor\u00a0', group: '\u200bSales ', language: 'fr' };
    const made = await t.api('POST', '/api/accounts', { username: 'noted', password: 'secret', ...fields });
    assert.deepEqual(noted(made.json), ['Ground floor', 'Sales', 'fr'], made.text);
    assert.deepEqual(noted((await t.api('GET', `/api/accounts/${made.json.id}`)).json), [
      'Ground floor',
      'Sales',
      'fr',
    ]);
  });

  test('are named in an event when they change, and removed by null or a blank text', async () => {
    const { id } = await t.makeAccount({ note: 'Before', group: 'Sales' });
    const changed = await t.api('PUT', `/api/accounts/${id}`, { note: '', group: null, language: 'en' });
    assert.deepEqual(noted(changed.json), [null, null, 'en'], changed.text);
    const { json } = await t.api('GET', `/api/accounts/${id}/events`);
    const [event] = json.data.filter(({ kind }: { kind: string }) => kind === 'account-changed');
    assert.equal(event.detail.fields, 'note, group, language');
  });

  test('are refused if they are too long, have control characters, or name a language that no page has', async () => {
    const { id } = await t.makeAccount();
    for (const [field, value] of [
      ['note', 'n'.repeat(501)],
      ['group', 'g'.repeat(61)],
      ['note', 'one\nline'],
      ['group', 'a\u0000b'],
      ['language', 'de'],
    ] as const) {
      const { status, json } = await t.api('PUT', `/api/accounts/${id}`, { [field]: value });
      assert.equal(status, 422, `${field}: ${value}`);
      assert.deepEqual(Object.keys(json.errors), [field]);
    }
    const { json } = await t.api('PUT', `/api/accounts/${id}`, { note: 'n'.repeat(500), group: 'g'.repeat(60) });
    assert.deepEqual([json.note.length, json.group.length], [500, 60]);
  });
});

forEachTerminal('note, group and language', (open) => {
  test('are options of `account add`, and keys of `account set`', async () => {
    const ringup = await open({ RINGUP_SIP_DOMAIN: 'typed.test' });
    const added = await ringup([
      'account',
      'add',
      'anna',
      '--note',
      'Back office',
      '--group',
      'Sales',
      '--language',
      'fr',
      '--json',
    ]);
    assert.deepEqual(
      [added.json.note, added.json.group, added.json.language],
      ['Back office', 'Sales', 'fr'],
      added.err,
    );
    const changed = await ringup(['account', 'set', 'anna', 'note=', 'group=Support', 'language=null', '--json']);
    assert.deepEqual(
      [changed.json.note, changed.json.group, changed.json.language],
      [null, 'Support', null],
      changed.err,
    );
  });
});
