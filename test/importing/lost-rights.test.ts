import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { updateAccountRow } from '../../src/accounts/account-store.ts';
import type { Actor } from '../../src/events/actor.ts';
import { checkImport } from '../../src/importing/check-import.ts';
import { getImport } from '../../src/importing/look-at-import.ts';
import { receiveImport } from '../../src/importing/receive-import.ts';
import { writeImport } from '../../src/importing/write-import.ts';
import { inTransaction } from '../../src/storage/database.ts';
import type { TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { textOf } from '../support/html.ts';
import { openPanel, type PanelBrowser } from '../support/panel.ts';
import { watchLocks } from '../support/watch-locks.ts';

const worker = 'of another process';
const options = { onDuplicate: 'refuse', partial: false, allowAdmin: true, dryRun: false, invite: false } as const;

forEachDatabase('an import of somebody who loses the right to it', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
    const other = { domain: 'other.example.test', super: true };
    assert.equal((await t.api('POST', '/api/spaces', other)).status, 201);
  });
  after(() => t.close());

  const administrator = (domain?: string) =>
    t.makeAccount({ admin: true, activated: true, password: 'administrator', ...(domain ? { domain } : {}) });
  const keyOf = async ({ id }: Account, more: { readonly expires?: string } = {}) => {
    const { status, json } = await t.api('POST', `/api/accounts/${id}/api_keys`, { name: 'script', ...more });
    assert.equal(status, 200);
    return json as { readonly id: number; readonly api_key: string };
  };
  const ofAccount = ({ id, username: name }: Account): Actor => ({ kind: 'account', id, name });
  /** Starts an import of 102 rows, the last two of which make administrators, and writes a hundred of them. */
  const start = async (prefix: string, actor: Actor): Promise<number> => {
    const rows = Array.from({ length: 102 }, (_, index) => `${prefix}${index},${index < 100 ? '' : 'yes'}`);
    const content = `username,admin\n${rows.join('\n')}\n`;
    const id = await receiveImport(t.app, actor, t.app.spaces.first, { content, name: '', options, worker });
    const find = () => getImport(t.app, String(id));
    assert.ok(await checkImport(t.app, await find(), worker, () => false));
    let batches = 0;
    const onWritten = () => {
      batches += 1;
    };
    assert.ok(!(await writeImport(t.app, await find(), worker, { isStopping: () => batches > 0, onWritten })));
    return id;
  };
  const goOn = async (): Promise<void> => {
    t.advance(60_000);
    await t.app.imports.resumeAll();
  };
  const stateOf = async (id: number) => {
    const { state, written, failure } = await getImport(t.app, String(id));
    return [state, written, failure?.facts];
  };
  const stopped = (name: string) => ['refused', 100, { why: 'import-without-rights', name }];
  const madeBy = (prefix: string) =>
    t.app.database.selectFrom('accounts').select('id').where('username', 'like', `${prefix}10_`).execute();

  const losses: Record<string, (account: Account) => Promise<unknown>> = {
    blocked: ({ id }) => t.api('POST', `/api/accounts/${id}/block`),
    demoted: ({ id }) => t.api('PUT', `/api/accounts/${id}`, { admin: false }),
    deactivated: ({ id }) => t.api('POST', `/api/accounts/${id}/deactivate`),
    deleted: ({ id }) => t.api('DELETE', `/api/accounts/${id}`),
  };
  for (const [loss, lose] of Object.entries(losses)) {
    test(`stops before its next rows if the account is ${loss}`, async () => {
      const account = await administrator();
      const id = await start(loss, ofAccount(account));
      await lose(account);
      await goOn();
      assert.deepEqual(await stateOf(id), stopped(account.username));
      assert.deepEqual(await madeBy(loss), []);
    });

    test(`with an API key stops too if the account of the key is ${loss}`, async () => {
      const account = await administrator();
      const id = await start(`key.${loss}`, { kind: 'api-key', id: (await keyOf(account)).id, name: 'script' });
      await lose(account);
      await goOn();
      assert.deepEqual(await stateOf(id), stopped('script'));
    });
  }

  test('stops if the API key is revoked', async () => {
    const account = await administrator();
    const key = await keyOf(account);
    const id = await start('revoked', { kind: 'api-key', id: key.id, name: 'script' });
    assert.equal((await t.api('DELETE', `/api/accounts/${account.id}/api_keys/${key.id}`)).status, 200);
    await goOn();
    assert.deepEqual(await stateOf(id), stopped('script'));
  });

  test('stops if the API key has expired', async () => {
    const account = await administrator();
    const key = await keyOf(account, { expires: '1m' });
    const id = await start('expired', { kind: 'api-key', id: key.id, name: 'script' });
    await goOn();
    assert.deepEqual(await stateOf(id), stopped('script'));
  });

  test('stops if the space of the account no longer manages the others', async () => {
    const account = await administrator('other.example.test');
    const id = await start('foreign', ofAccount(account));
    assert.equal((await t.api('PUT', '/api/spaces/other.example.test', { super: false })).status, 200);
    await goOn();
    assert.deepEqual(await stateOf(id), stopped(account.username));
  });

  test('goes on if the account keeps the right', async () => {
    const id = await start('kept', ofAccount(await administrator()));
    await goOn();
    assert.deepEqual(await stateOf(id), ['done', 102, undefined]);
  });

  test('is explained to other administrators, who can check it again and write the rest', async () => {
    const account = await administrator();
    const id = await start('rest', ofAccount(account));
    await losses.blocked?.(account);
    await goOn();
    const path = `/admin/import/${id}`;
    for (const [language, words] of [
      ['en', `“${account.username}” started this import and may no longer change the accounts of this space`],
      ['fr', `« ${account.username} » a lancé cette importation et ne peut plus modifier les comptes de cet espace`],
    ] as const) {
      await browser.get(`/admin?lang=${language}`);
      const shown = textOf((await browser.get(path)).html).replaceAll(/\s+/g, ' ');
      assert.ok(shown.includes(words), shown);
    }
    const { json } = await t.api('GET', `/api/imports/${id}`);
    assert.match(json.message, /may no longer change the accounts of this space/);
    await browser.signIn('admin', 'administrator');
    assert.equal((await browser.post(path, { action: 'check' })).status, 303);
    assert.equal((await madeBy('rest')).length, 0);
    assert.equal((await browser.post(path, { action: 'import', allow_admin: 'true' })).status, 303);
    assert.deepEqual(await stateOf(id), ['done', 102, undefined]);
    assert.equal((await madeBy('rest')).length, 2);
  });

  test('writes nothing if the account is being blocked while the first rows are written', async () => {
    const account = await administrator();
    const { api_key } = await keyOf(account);
    const { importing } = await inTransaction(t.app.database, async (tx) => {
      await updateAccountRow(tx, account.id, { blocked_at: 1 });
      const untilImportWaits = watchLocks(t.app.database);
      const importing = t.server.inject({
        method: 'POST',
        url: '/api/accounts/import?allow_admin=true',
        headers: { 'x-api-key': api_key, 'content-type': 'text/csv' },
        payload: 'username,admin\nmeanwhile100,yes\n',
      });
      await untilImportWaits();
      return { importing };
    });
    assert.equal((await importing).statusCode, 409);
    assert.deepEqual(await madeBy('meanwhile'), []);
  });
});
