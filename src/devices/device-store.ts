import { maxListed } from '../lib/max-listed.ts';
import { describeDevice } from '../sip/device-name.ts';
import type { Algorithm } from '../sip/ha1.ts';
import { rows } from '../storage/database.ts';
import { type Step, statement, step } from '../storage/statement.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import type { Device } from './device.ts';
import { deviceColumns, deviceOf } from './device-row.ts';
import type { AllGiven } from './given-credentials.ts';
import { recordTold, type Told } from './given-store.ts';
import { spareKey } from './spare-key-store.ts';

/** Lists the newest devices by id. If there are too many, revoked ones are left out first. */
export async function listDeviceRows(db: Db, accountId: number): Promise<Device[]> {
  const rows = await db
    .selectFrom('devices')
    .select(deviceColumns)
    .where('account_id', '=', accountId)
    .orderBy((row) => row('revoked_at', 'is not', null))
    .orderBy('id', 'desc')
    .limit(maxListed)
    .execute();
  return rows.map(deviceOf).sort((one, other) => one.id - other.id);
}

/** Finds a device of the account by its id or its uuid. */
export async function findDevice(db: Db, accountId: number, name: number | string): Promise<Device | undefined> {
  const of = db.selectFrom('devices').select(deviceColumns).where('account_id', '=', accountId);
  const named = typeof name === 'number' ? of.where('id', '=', name) : of.where('uuid', '=', name);
  const row = await named.executeTakeFirst();
  return row === undefined ? undefined : deviceOf(row);
}

export async function findDeviceOfToken(db: Db, tokenId: number): Promise<Device | undefined> {
  const row = await db.selectFrom('devices').select(deviceColumns).where('token_id', '=', tokenId).executeTakeFirst();
  return row === undefined ? undefined : deviceOf(row);
}

const countOpen = statement<{ accountId: number }>()((db, at) =>
  db
    .selectFrom('devices')
    .where('account_id', '=', at.accountId)
    .where('revoked_at', 'is', null)
    .select((of) => of.fn.countAll<number>().as('total')),
);

/** Counts the account's unrevoked devices. */
export async function countDevices(db: Db, accountId: number): Promise<number> {
  const [row] = await rows(db, countOpen, { accountId });
  return Number(row?.total ?? 0);
}

const countWithKey = statement<{ accountId: number }>()((db, at) =>
  db
    .selectFrom('devices')
    .where('account_id', '=', at.accountId)
    .where('key_hash', 'is not', null)
    .where('revoked_at', 'is', null)
    .select((of) => of.fn.countAll<number>().as('total')),
);

/** Counts the account's unrevoked devices that fetch documents by a key of their own. */
export async function countDevicesWithKey(db: Db, accountId: number): Promise<number> {
  const [row] = await rows(db, countWithKey, { accountId });
  return Number(row?.total ?? 0);
}

export interface NewDevice extends AllGiven {
  readonly accountId: number;
  readonly tokenId: number;
  readonly uuid: string;
  readonly publicId: string | null;
  readonly keyHash: string | null;
  readonly agent: string;
  readonly address: string;
  readonly algorithms: readonly Algorithm[];
  readonly now: number;
}

const upsert = statement<{
  accountId: number;
  tokenId: number;
  uuid: string;
  publicId: string | null;
  name: string;
  version: string | null;
  agent: string;
  address: string;
  keyHash: string | null;
  algorithms: string;
  credentials: string;
  credentialPlaces: number;
  credentialsBefore: string;
  now: number;
}>()((db, at) => {
  return db
    .insertInto('devices')
    .values({
      account_id: at.accountId,
      token_id: at.tokenId,
      uuid: at.uuid,
      first_seen_at: at.now,
      public_id: at.publicId,
      name: at.name,
      version: at.version,
      agent: at.agent,
      address: at.address,
      key_hash: at.keyHash,
      algorithms: at.algorithms,
      credentials: at.credentials,
      credential_places: at.credentialPlaces,
      last_seen_at: at.now,
    })
    .onConflict((conflict) =>
      conflict
        .column('token_id')
        .doUpdateSet(({ ref }) => ({
          public_id: ref('excluded.public_id'),
          name: ref('excluded.name'),
          version: ref('excluded.version'),
          agent: ref('excluded.agent'),
          address: ref('excluded.address'),
          key_hash: ref('excluded.key_hash'),
          algorithms: ref('excluded.algorithms'),
          credentials: ref('excluded.credentials'),
          credential_places: ref('excluded.credential_places'),
          last_seen_at: ref('excluded.last_seen_at'),
        }))
        .where('devices.credentials', '=', at.credentialsBefore)
        .where('devices.credential_places', '<=', at.credentialPlaces),
    );
});

/**
 * Returns the step that stores the device of a claimed token. When the answer is repeated, the step gives the same
 * device, `earlier`, a new key, and keeps when a key was first used. It fails if the device has received other
 * credentials since `earlier` was read. Use `spareKeyStep` to keep the earlier key.
 */
export function deviceStep({ algorithms, credentials, ...device }: NewDevice, earlier: Device | undefined): Step {
  return step(upsert, {
    ...device,
    ...describeDevice(device.agent),
    algorithms: algorithms.join(','),
    credentials: JSON.stringify(credentials),
    credentialsBefore: JSON.stringify(earlier?.credentials ?? []),
  });
}

/** Revokes the device. Returns its name, which may have changed since the device was read. */
export async function revokeDeviceRow(tx: Transaction, id: number, now: number): Promise<string> {
  const of = tx.updateTable('devices').set({ revoked_at: now }).where('id', '=', id);
  return (await of.returning('name').executeTakeFirstOrThrow()).name;
}

export interface DeviceUse {
  readonly agent: string;
  readonly address: string;
  readonly algorithms: readonly Algorithm[];
  readonly at: number;
}

/** What a device's requests changed since the last write. Absent fields have not changed. */
export interface DeviceNews {
  readonly id: number;
  readonly use?: DeviceUse;
  /** Set if the device sent its key together with its address. */
  readonly keyUse?: { readonly keyHash: string; readonly at: number };
  /** The device's credentials before and after a document that took some of them away. */
  readonly told?: Told;
  /** When the device received the document that removes the account, in epoch milliseconds. */
  readonly endedAt?: number;
}

export async function recordDeviceNews(tx: Transaction, news: readonly DeviceNews[]): Promise<void> {
  // In a fixed order, so that two nodes that write the same devices do not deadlock.
  for (const { id, use, keyUse, told, endedAt } of news.toSorted((one, other) => one.id - other.id)) {
    if (use !== undefined) await recordDeviceUse(tx, id, use);
    if (keyUse !== undefined) await recordKeyUse(tx, id, keyUse);
    if (told !== undefined) await recordTold(tx, id, told);
    if (endedAt !== undefined) await recordDeviceEnd(tx, id, endedAt);
  }
}

async function recordDeviceUse(tx: Transaction, id: number, use: DeviceUse): Promise<void> {
  const { agent, address, at, algorithms } = use;
  await tx
    .updateTable('devices')
    .set({ agent, address, ...describeDevice(agent), algorithms: algorithms.join(','), last_seen_at: at })
    .where('id', '=', id)
    .execute();
}

async function recordKeyUse(tx: Transaction, id: number, keyUse: Required<DeviceNews>['keyUse']): Promise<void> {
  await tx
    .updateTable('devices')
    .set({ key_used_at: keyUse.at, key_alone: 0 })
    .where('id', '=', id)
    // If the token was answered again since this key was used, the key is now a spare key.
    .where((row) => row.or([row('key_hash', '=', keyUse.keyHash), row.exists(spareKey(tx, id, keyUse.keyHash))]))
    .execute();
}

async function recordDeviceEnd(tx: Transaction, id: number, now: number): Promise<void> {
  await tx
    .updateTable('devices')
    .set({ ended_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is not', null)
    .where('ended_at', 'is', null)
    .execute();
}
