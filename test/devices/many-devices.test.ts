import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { KyselyPlugin } from 'kysely';
import type { Account } from '../../src/accounts/account.ts';
import { blockAccount } from '../../src/administration/block-account.ts';
import { updateAccount } from '../../src/administration/update-account.ts';
import type { ListedDevice } from '../../src/devices/device.ts';
import { operator } from '../../src/events/actor.ts';
import { redeemToken } from '../../src/provisioning/redeem-token.ts';
import type { Database } from '../../src/storage/database.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { modern } from '../support/phone.ts';

const many = 2_000;
/** SQLite takes a bounded number of values in one statement. */
const atOnce = 500;

forEachDatabase('an account with thousands of devices', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl(), {}, { runsJobs: false });
  });
  after(() => t.close());

  /** Inserts devices of an account, each with a key and the code that it used, some of them already revoked. */
  const insertDevices = async ({ id }: Account, count: number) => {
    for (let done = 0; done < count; done += atOnce) {
      const uuids = Array.from({ length: Math.min(atOnce, count - done) }, () => randomUUID());
      const used = { kind: 'provisioning', account_id: id, created_at: 1, claimed_at: 1, outcome: 'delivered' };
      const codes = t.app.database.insertInto('tokens').values(uuids.map((uuid) => ({ ...used, token_hash: uuid })));
      const tokens = await codes.returning('id').execute();
      const { 'user-agent': agent } = modern;
      const seen = { agent, address: '192.0.2.1', algorithms: 'MD5', credentials: '[]', first_seen_at: 1 };
      const rows = uuids.map((uuid, index) => ({
        ...{ ...seen, account_id: id, token_id: tokens[index]?.id ?? 0, uuid, name: `phone "${done + index}"` },
        ...{ key_hash: uuid, last_seen_at: 1, revoked_at: index === 0 ? 1 : null },
      }));
      await t.app.database.insertInto('devices').values(rows).execute();
    }
  };

  /** Counts the statements of a use case, and the most rows that one of them returns. */
  const counted = () => {
    const counts = { statements: 0, mostRows: 0 };
    const note = (rows: number) => {
      counts.statements += 1;
      counts.mostRows = Math.max(counts.mostRows, rows);
    };
    const counting: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        note(result.rows.length);
        return result;
      },
    };
    const { database } = t.app;
    const rows: Database['rows'] = async (statement, values) => {
      const found = await database.rows(statement, values);
      note(found.length);
      return found;
    };
    const own = Object.assign(database.withPlugin(counting), { rows, applyAll: database.applyAll }) as Database;
    return { context: { ...t.app, database: own }, counts };
  };

  test('is counted without reading the devices when a code sets a new password', async () => {
    const account = await t.makeAccount({ activated: true });
    await insertDevices(account, many);
    const { context, counts } = counted();
    const redeemed = await redeemToken(context, {
      kind: 'provisioning',
      token: await t.makeToken(account),
      resetPassword: true,
      client: { address: '192.0.2.1', agent: modern['user-agent'], named: false },
      arrivedAt: t.app.steadyNow(),
      request: { method: 'GET', url: '/', query: new URLSearchParams(), headers: modern, address: '192.0.2.1' },
      abandoned: () => false,
    });
    assert.ok(redeemed !== undefined);
    assert.ok(counts.mostRows < 10, `a query returned ${counts.mostRows} rows`);
    const { data } = (await t.api('GET', `/api/accounts/${account.id}/events?kind=fetched`)).json;
    assert.equal(data[0].detail.following, many - many / atOnce);
  });

  type Context = ReturnType<typeof counted>['context'];
  /** Each revokes all devices of the account. */
  const revoking: Readonly<Record<string, (context: Context, account: Account) => Promise<WithDevices>>> = {
    'is blocked': (context, account) => blockAccount(context, operator, account, { revokeDevices: true }),
    'gets a new password': (context, account) =>
      updateAccount(
        context,
        operator,
        { account, space: t.app.spaces.first },
        { password: 'renewed', revoke_devices: true },
      ),
  };
  interface WithDevices {
    readonly devices: readonly ListedDevice[] | undefined;
  }
  const devicesOf = ({ id }: Account) =>
    t.app.database
      .selectFrom('devices')
      .innerJoin('tokens', 'tokens.id', 'devices.token_id')
      .where('devices.account_id', '=', id)
      .select(['devices.id', 'name', 'devices.revoked_at', 'key_hash', 'tokens.revoked_at as token_revoked_at'])
      .orderBy('devices.id')
      .execute();

  for (const [what, revoke] of Object.entries(revoking)) {
    test(`has them revoked by as many statements as a few when it ${what}, each with its event`, async () => {
      const statementsFor = async (count: number) => {
        const account = await t.makeAccount({ activated: true });
        await insertDevices(account, count);
        const open = (await devicesOf(account)).filter(({ revoked_at: at }) => at === null);
        const openIds = new Set(open.map(({ id }) => id));
        const key = { device_id: open[0]?.id ?? 0, key_hash: `spare key of ${account.username}` };
        await t.app.database.insertInto('spare_device_keys').values(key).execute();
        t.advance(1_000);
        const { context, counts } = counted();
        const { devices = [] } = await revoke(context, account);
        const now = t.app.now();
        assert.deepEqual(
          devices.map(({ id, name, revokedAt }) => [id, name, revokedAt]),
          open.map(({ id, name }) => [id, name, now]),
        );
        const events = await t.app.database
          .selectFrom('events')
          .where('account_id', '=', account.id)
          .where('kind', '=', 'device-revoked')
          .orderBy('id')
          .select(['at', 'space_id', 'actor_kind', 'detail'])
          .execute();
        assert.deepEqual(
          events.map(({ detail, ...event }) => ({ ...event, detail: JSON.parse(detail) })),
          open.map(({ id, name }) => {
            const detail = { device: id, name };
            return { at: now, space_id: account.spaceId, actor_kind: 'command-line', detail };
          }),
        );
        const spare = t.app.database.selectFrom('spare_device_keys').where('device_id', '=', key.device_id);
        assert.equal((await spare.selectAll().execute()).length, 1, 'its keys stay, so that it is told to forget all');
        for (const device of await devicesOf(account)) {
          const wasOpen = openIds.has(device.id);
          assert.equal(device.revoked_at, wasOpen ? now : 1);
          assert.ok(device.key_hash !== null);
          if (wasOpen) assert.equal(device.token_revoked_at, now);
        }
        return counts.statements;
      };
      assert.equal(await statementsFor(many), await statementsFor(2));
    });
  }
});
