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

/** Lists the newest by id; where there are too many, revoked ones are left out first. */
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

/** Lists the devices that fetch documents by a key of their own, and are not revoked. */
export async function listDevicesWithKey(db: Db, accountId: number): Promise<Device[]> {
  const of = db.selectFrom('devices').select(deviceColumns).where('account_id', '=', accountId);
  const open = of.where('key_hash', 'is not', null).where('revoked_at', 'is', null);
  return (await open.orderBy('id').execute()).map(deviceOf);
}

/** Lists the devices that are not revoked, with a key or without. */
export async function listOpenDevices(db: Db, accountId: number): Promise<Device[]> {
  const of = db.selectFrom('devices').select(deviceColumns).where('account_id', '=', accountId);
  return (await of.where('revoked_at', 'is', null).orderBy('id').execute()).map(deviceOf);
}

const countOpen = statement<{ accountId: number }>()((db, at) =>
  db
    .selectFrom('devices')
    .where('account_id', '=', at.accountId)
    .where('revoked_at', 'is', null)
    .select((of) => of.fn.countAll<number>().as('total')),
);

/** Returns how many of the account's devices are not revoked. */
export async function countDevices(db: Db, accountId: number): Promise<number> {
  const [row] = await rows(db, countOpen, { accountId });
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
  const seen = {
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
  };
  return db
    .insertInto('devices')
    .values({ account_id: at.accountId, token_id: at.tokenId, uuid: at.uuid, first_seen_at: at.now, ...seen })
    .onConflict((conflict) =>
      conflict
        .column('token_id')
        .doUpdateSet(seen)
        .where('devices.credentials', '=', at.credentialsBefore)
        .where('devices.credential_places', '<=', at.credentialPlaces),
    );
});

/**
 * Returns the step that stores the device of a claimed token. A repeated answer updates the same device, `earlier`,
 * with a new key; that a key was used is kept. The step fails if the device has been given other credentials since it
 * was read. `spareKeyStep` keeps the earlier key.
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

export async function revokeDeviceRow(tx: Transaction, id: number, now: number): Promise<void> {
  await tx.updateTable('devices').set({ revoked_at: now }).where('id', '=', id).execute();
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
  /** Set if the device showed its key together with its address. */
  readonly keyUse?: { readonly keyHash: string; readonly at: number };
  /** What it was given, before and after it was told that some of that is gone. */
  readonly told?: Told;
  /** Epoch milliseconds. */
  readonly endedAt?: number;
}

export async function recordDeviceNews(tx: Transaction, news: readonly DeviceNews[]): Promise<void> {
  // In one order, so that two nodes that write the same devices do not deadlock.
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
    // The token may have been answered again since the key was used, which makes it a spare one.
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
