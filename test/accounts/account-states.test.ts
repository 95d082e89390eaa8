import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { type AccountState, accountStates } from '../../src/accounts/account-state.ts';
import { noteMailFailed, noteMailSent } from '../../src/accounts/account-state-store.ts';
import { addAllCountsUp, stateCounts } from '../../src/accounts/account-states.ts';
import { listPage } from '../../src/administration/account-list.ts';
import { inTransaction } from '../../src/storage/database.ts';
import { noteOrphanedClaims } from '../../src/tokens/orphaned-claim-store.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { waitUntil } from '../support/wait-until.ts';

forEachDatabase('the state of an account', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const page = async () => {
    const filter = { spaceIds: [t.app.spaces.first.id] };
    const { rows } = await listPage(t.app, filter, { after: undefined, limit: 1000 });
    return new Map(rows.map((each) => [each.account.id, each.state]));
  };
  const stateOf = async ({ id }: Account) => (await page()).get(id) ?? assert.fail();
  const fetchCode = async (token: string) => {
    const answer = await t.server.inject({ url: `/provisioning/${token}`, headers: { 'user-agent': 'Linphone/5.3' } });
    assert.ok(await t.app.deliveries.flush());
    return answer;
  };
  const settled = async (account: Account, state: AccountState) => {
    await waitUntil(async () => {
      await t.app.deliveries.settleAll();
      await t.app.events.flush();
      return (await stateOf(account)).state === state;
    });
    assert.equal((await stateOf(account)).state, state);
  };

  test('is `never` without a code, `waiting` with one, and `never` again once the code expires or is ended', async () => {
    const account = await t.makeAccount();
    assert.equal((await stateOf(account)).state, 'never');
    await t.makeToken(account, 60_000);
    const waiting = await stateOf(account);
    assert.deepEqual([waiting.state, waiting.codeEndsAt], ['waiting', t.app.now() + 60_000]);
    t.advance(60_000);
    const expired = await stateOf(account);
    assert.deepEqual([expired.state, expired.codeEndedAt], ['never', t.app.now()]);
    await t.makeToken(account);
    assert.equal((await stateOf(account)).state, 'waiting');
    const { json } = await t.api('GET', `/api/accounts/${account.id}/tokens`);
    const open = json.find(
      (each: { revoked_at: unknown; id: number }) =>
        each.revoked_at === null && each.id === Math.max(...json.map(({ id }: { id: number }) => id)),
    );
    await t.api('PUT', `/api/accounts/${account.id}/tokens/${open.id}`, { lifetime: '1h' });
    assert.equal((await stateOf(account)).codeEndsAt, t.app.now() + 3_600_000);
    await t.api('DELETE', `/api/accounts/${account.id}/tokens/${open.id}`);
    assert.equal((await stateOf(account)).state, 'never');
  });

  test('is `active` once a code was used, and stays so when a new code is issued', async () => {
    const account = await t.makeAccount();
    await fetchCode(await t.makeToken(account));
    await settled(account, 'active');
    await t.makeToken(account, 60_000);
    const active = await stateOf(account);
    assert.deepEqual([active.state, active.codeEndsAt], ['active', t.app.now() + 60_000]);
    t.advance(60_000);
    assert.equal((await stateOf(account)).state, 'active');
  });

  test('is `failed` once its last code was refused, until another code is issued', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account, 60_000);
    t.advance(61_000);
    await fetchCode(token);
    await settled(account, 'failed');
    assert.equal((await stateOf(account)).failure, 'expired');
    await t.makeToken(account);
    assert.equal((await stateOf(account)).state, 'waiting');
  });

  test('is no longer `failed` once the expired code is extended, until it has expired again', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account, 60_000);
    t.advance(61_000);
    await fetchCode(token);
    await settled(account, 'failed');
    // This refusal is written together with later ones.
    await fetchCode(token);
    const [{ id }] = (await t.api('GET', `/api/accounts/${account.id}/tokens`)).json;
    const extended = await t.api('PUT', `/api/accounts/${account.id}/tokens/${id}`, { lifetime: '1h' });
    assert.equal(extended.status, 200);
    await t.app.events.flush();
    const waiting = await stateOf(account);
    assert.deepEqual([waiting.state, waiting.failedAt, waiting.failure], ['waiting', null, null]);
    t.advance(3_600_000);
    await fetchCode(token);
    await settled(account, 'failed');
  });

  test('does not become `failed` when a code is requested that was used or replaced', async () => {
    const account = await t.makeAccount();
    const first = await t.makeToken(account);
    const second = await t.makeToken(account);
    await fetchCode(first);
    await t.app.events.flush();
    assert.equal((await stateOf(account)).state, 'waiting');
    await fetchCode(second);
    await settled(account, 'active');
    t.advance(10 * 60_000);
    await fetchCode(second);
    await t.app.events.flush();
    assert.equal((await stateOf(account)).state, 'active');
  });

  test('is `failed` once the last mail failed, and what it was before once a mail is sent', async () => {
    const account = await t.makeAccount();
    const { database } = t.app;
    await inTransaction(database, (tx) => noteMailFailed(tx, account.id, t.app.now(), '550 no such mailbox'));
    const failed = await stateOf(account);
    assert.deepEqual([failed.state, failed.failure], ['failed', 'mail: 550 no such mailbox']);
    await inTransaction(database, (tx) => noteMailSent(tx, account.id, 1));
    assert.equal((await stateOf(account)).state, 'never');
  });

  test('is `failed` if the server stopped while it answered the code, because the phone may not have the document', async () => {
    const account = await t.makeAccount();
    await t.makeToken(account);
    await t.app.database
      .updateTable('tokens')
      .set({ outcome: 'answering', claimed_at: t.app.now(), boot_id: 'gone' })
      .where('account_id', '=', account.id)
      .execute();
    await noteOrphanedClaims(t.app.database, t.app.now() + 60_000);
    assert.equal((await stateOf(account)).state, 'waiting');
    await noteOrphanedClaims(t.app.database, t.app.now() + 11 * 60_000);
    const failed = await stateOf(account);
    assert.deepEqual([failed.state, failed.failure], ['failed', 'lost']);
    await t.makeToken(account);
    await noteOrphanedClaims(t.app.database, t.app.now() + 11 * 60_000);
    assert.equal((await stateOf(account)).state, 'waiting');
  });

  test('is `blocked` during a block, and the same as before once the account is unblocked', async () => {
    const account = await t.makeAccount();
    await fetchCode(await t.makeToken(account));
    await settled(account, 'active');
    await t.api('POST', `/api/accounts/${account.id}/block`);
    assert.equal((await stateOf(account)).state, 'blocked');
    await t.api('POST', `/api/accounts/${account.id}/unblock`);
    assert.equal((await stateOf(account)).state, 'active');
  });

  test('is counted for each space from its changes, before and after they are added up', async () => {
    const space = t.app.spaces.first.id;
    const counted = async () => {
      const states = [...(await page()).values()].map(({ state }) => state);
      return Object.fromEntries(accountStates.map((each) => [each, states.filter((state) => state === each).length]));
    };
    const made = await Promise.all([t.makeAccount(), t.makeAccount(), t.makeAccount()]);
    await t.api('POST', `/api/accounts/${made[0]?.id}/block`);
    await t.api('DELETE', `/api/accounts/${made[1]?.id}`);
    assert.deepEqual(await stateCounts(t.app, space), await counted());
    await Promise.all([addAllCountsUp(t.app.database), addAllCountsUp(t.app.database)]);
    assert.deepEqual(await stateCounts(t.app, space), await counted());
    const { length } = await t.app.database.selectFrom('account_count_changes').select('id').execute();
    assert.equal(length, 0);
  });

  test('is deleted with the account and its space', async () => {
    await t.api('POST', '/api/spaces', { domain: 'gone.example.test' });
    const account = await t.makeAccount({ domain: 'gone.example.test' });
    await t.api('DELETE', '/api/spaces/gone.example.test?with_accounts=true');
    await addAllCountsUp(t.app.database);
    const left = await t.app.database
      .selectFrom('account_states')
      .where('account_id', '=', account.id)
      .selectAll()
      .execute();
    assert.deepEqual(left, []);
  });
});
