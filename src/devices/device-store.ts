import type { Account } from '../accounts/account.ts';
import { type AccountRow, accountColumns, accountOf } from '../accounts/account-row.ts';
import { describeDevice } from '../sip/device-name.ts';
import { type Algorithm, isAlgorithm } from '../sip/ha1.ts';
import { rows } from '../storage/database.ts';
import { type Step, statement, step } from '../storage/statement.ts';
import type { Db, Transaction } from '../storage/tables.ts';

/** A phone that got an account. Times are in epoch milliseconds. */
export interface Device {
  readonly id: number;
  readonly accountId: number;
  readonly tokenId: number;
  /** Random; part of the provisioning address of a phone that cannot store a key. */
  readonly publicId: string | null;
  readonly name: string;
  readonly agent: string;
  readonly address: string;
  readonly version: string | null;
  /** The algorithms of the credentials that it last got. */
  readonly algorithms: readonly Algorithm[];
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly revokedAt: number | null;
  /** When the phone got the document that removes the account. */
  readonly endedAt: number | null;
}

export interface FoundDevice {
  readonly device: Device;
  readonly account: Account;
}

const deviceColumns = [
  'devices.id as device_id',
  'devices.account_id',
  'devices.token_id',
  'devices.public_id',
  'devices.name as device_name',
  'devices.agent',
  'devices.address',
  'devices.version as device_version',
  'devices.algorithms',
  'devices.first_seen_at',
  'devices.last_seen_at',
  'devices.revoked_at',
  'devices.ended_at',
] as const;

interface DeviceRow {
  device_id: number;
  account_id: number;
  token_id: number;
  public_id: string | null;
  device_name: string;
  agent: string;
  address: string;
  device_version: string | null;
  algorithms: string;
  first_seen_at: number;
  last_seen_at: number;
  revoked_at: number | null;
  ended_at: number | null;
}

function joined(db: Db) {
  return db
    .selectFrom('devices')
    .innerJoin('accounts', 'accounts.id', 'devices.account_id')
    .leftJoin('external_accounts', 'external_accounts.account_id', 'accounts.id')
    .select([...accountColumns, ...deviceColumns]);
}

const byKey = statement<{ hash: string }>()((db, at) =>
  joined(db)
    .where('devices.key_hash', '=', at.hash)
    .select(({ exists, selectFrom }) =>
      exists(selectFrom('spare_device_keys').whereRef('device_id', '=', 'devices.id').select('device_id')).as(
        'has_spares',
      ),
    ),
);
const bySpareKey = statement<{ hash: string }>()((db, at) =>
  joined(db)
    .innerJoin('spare_device_keys', 'spare_device_keys.device_id', 'devices.id')
    .where('spare_device_keys.key_hash', '=', at.hash),
);
const byPublicId = statement<{ publicId: string }>()((db, at) =>
  joined(db).where('devices.public_id', '=', at.publicId),
);

/** Finds a device and its account by the hash of its key, with one prepared query. */
export async function findDeviceByKeyHash(
  db: Db,
  hash: string,
): Promise<(FoundDevice & { readonly hasSpareKeys: boolean }) | undefined> {
  const [row] = await rows(db, byKey, { hash });
  // SQLite answers 0 or 1.
  return row && { device: deviceOf(row), account: accountOf(row), hasSpareKeys: Boolean(row.has_spares) };
}

/** Finds a device by the hash of a key that an earlier answer to its token held. */
export function findDeviceBySpareKeyHash(db: Db, hash: string): Promise<FoundDevice | undefined> {
  return found(rows(db, bySpareKey, { hash }));
}

export function findDeviceByPublicId(db: Db, publicId: string): Promise<FoundDevice | undefined> {
  return found(rows(db, byPublicId, { publicId }));
}

async function found(rows: Promise<(DeviceRow & AccountRow)[]>): Promise<FoundDevice | undefined> {
  const [row] = await rows;
  return row === undefined ? undefined : { device: deviceOf(row), account: accountOf(row) };
}

export async function listDeviceRows(db: Db, accountId: number): Promise<Device[]> {
  const rows = await db
    .selectFrom('devices')
    .select(deviceColumns)
    .where('account_id', '=', accountId)
    .orderBy('id')
    .execute();
  return rows.map(deviceOf);
}

export async function findDevice(db: Db, accountId: number, id: number): Promise<Device | undefined> {
  const of = db.selectFrom('devices').select(deviceColumns).where('account_id', '=', accountId);
  const row = await of.where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : deviceOf(row);
}

/** What an earlier answer to a token gave the phone. */
export interface EarlierDevice {
  readonly publicId: string | null;
  readonly hasKey: boolean;
}

export async function findDeviceOfToken(db: Db, tokenId: number): Promise<EarlierDevice | undefined> {
  const row = await db
    .selectFrom('devices')
    .where('token_id', '=', tokenId)
    .select(['public_id', 'key_hash'])
    .executeTakeFirst();
  return row === undefined ? undefined : { publicId: row.public_id, hasKey: row.key_hash !== null };
}

/** Lists the devices that fetch documents by a key of their own, and are not revoked. */
export async function listDevicesWithKey(db: Db, accountId: number): Promise<Device[]> {
  const of = db.selectFrom('devices').select(deviceColumns).where('account_id', '=', accountId);
  const open = of.where('key_hash', 'is not', null).where('revoked_at', 'is', null);
  return (await open.orderBy('id').execute()).map(deviceOf);
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

export interface NewDevice {
  readonly accountId: number;
  readonly tokenId: number;
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
  publicId: string | null;
  name: string;
  version: string | null;
  agent: string;
  address: string;
  keyHash: string | null;
  algorithms: string;
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
    last_seen_at: at.now,
  };
  return db
    .insertInto('devices')
    .values({ account_id: at.accountId, token_id: at.tokenId, first_seen_at: at.now, ...seen })
    .onConflict((conflict) => conflict.column('token_id').doUpdateSet(seen));
});

/**
 * Returns the step that stores the device of a claimed token. A repeated answer updates the same device with a new key;
 * `spareKeyStep` keeps the earlier one.
 */
export function deviceStep({ algorithms, ...device }: NewDevice): Step {
  return step(upsert, { ...device, ...describeDevice(device.agent), algorithms: algorithms.join(',') });
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

/** What is new of a device: its latest use, its end, or both. */
export interface DeviceNews {
  readonly id: number;
  readonly use?: DeviceUse;
  /** Epoch milliseconds. */
  readonly endedAt?: number;
}

export async function recordDeviceNews(tx: Transaction, news: readonly DeviceNews[]): Promise<void> {
  // In one order, so that two nodes that write the same devices do not deadlock.
  for (const { id, use, endedAt } of news.toSorted((one, other) => one.id - other.id)) {
    if (use !== undefined) await recordDeviceUse(tx, id, use);
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

async function recordDeviceEnd(tx: Transaction, id: number, now: number): Promise<void> {
  await tx
    .updateTable('devices')
    .set({ ended_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is not', null)
    .where('ended_at', 'is', null)
    .execute();
}

function deviceOf(row: DeviceRow): Device {
  return {
    id: row.device_id,
    accountId: row.account_id,
    tokenId: row.token_id,
    publicId: row.public_id,
    name: row.device_name,
    agent: row.agent,
    address: row.address,
    version: row.device_version,
    algorithms: row.algorithms.split(',').filter(isAlgorithm),
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    revokedAt: row.revoked_at,
    endedAt: row.ended_at,
  };
}
