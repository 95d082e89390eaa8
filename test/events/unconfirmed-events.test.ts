import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CompiledQuery } from 'kysely';
import { askLater, questionAbout } from '../../src/storage/confirm-commit.ts';
import type { TestApp } from '../support/app.ts';
import { openAppBehindProxy } from '../support/app-behind-proxy.ts';
import { hasPostgres } from '../support/postgres.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('events whose COMMIT PostgreSQL does not confirm', { skip: !hasPostgres() }, () => {
  let proxy: TcpProxy;
  let t: TestApp;
  let stop: () => Promise<void>;
  before(async () => {
    ({ t, proxy, stop } = await openAppBehindProxy());
  });
  after(() => stop());

  test('are stored once, although the database does not even say later whether it has them', async () => {
    const { id: accountId, spaceId } = await t.makeAccount();
    const opened = (tokenId: number) =>
      t.app.events.record({ at: t.app.now(), kind: 'page-opened', spaceId, accountId, tokenId });
    const stored = async () => {
      const events = t.app.database.selectFrom('events').where('account_id', '=', accountId);
      const rows = await events
        .where('kind', '!=', 'account-created')
        .select(['kind', 'count'])
        .orderBy('id')
        .execute();
      return rows.map(({ kind, count }) => `${count} ${kind}`);
    };
    await t.app.events.flush();
    const before = proxy.unanswered();
    proxy.onCommit('swallow answer');
    opened(1);
    t.app.events.keep({ at: t.app.now(), kind: 'device-ended', spaceId, accountId });
    const flushed = t.app.events.flush();
    assert.ok(await waitUntil(() => proxy.unanswered() > before));
    proxy.cutAnswersTo('txid_status');
    assert.equal(await flushed, false);
    opened(1);
    opened(2);
    assert.equal(await t.app.events.flush(), false);
    assert.deepEqual(await stored(), ['1 page-opened', '1 device-ended']);
    proxy.heal();
    assert.ok(await waitUntil(() => t.app.events.flush()));
    assert.deepEqual(await stored(), ['2 page-opened', '1 device-ended', '1 page-opened']);
  });

  test('count as not stored on a server that took over without their transaction', async () => {
    const error = new Error('unconfirmed');
    const query = (text: string, values: string[] = []) =>
      t.app.database.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, values));
    askLater(error, query, '9000000000');
    assert.equal(await questionAbout(error)?.(), false);
    assert.equal(questionAbout(new Error('another')), undefined);
  });
});
