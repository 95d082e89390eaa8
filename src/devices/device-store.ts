import { sql } from 'kysely';
import type { Account } from '../accounts/account.ts';
import { type AccountRow, accountColumns, accountOf } from '../accounts/account-row.ts';
import { describeDevice } from '../sip/device-name.ts';
import { type Algorithm, isAlgorithm } from '../sip/ha1.ts';
import { rows } from '../storage/database.ts';
import { type Step, statement, step } from '../storage/statement.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import type { GivenCredentials } from './given-credentials.ts';

/** A phone that got an account. Times are in epoch milliseconds. */
export interface Device {
  readonly id: number;
  readonly accountId: number;
  readonly tokenId: number;
  /** Its name in the API. */
  readonly uuid: string;
  /** Random; part of the provisioning address of a phone that fetches again. */
  readonly publicId: string | null;
  readonly keyHash: string | null;
  /** Whether the key is good without the address: an earlier version issued it, and its phone has not shown both yet. */
  readonly keyAlone: boolean;
  /** When the key was first shown together with the address. */
  readonly keyUsedAt: number | null;
  readonly name: string;
  readonly agent: string;
  readonly address: string;
  readonly version: string | null;
  /** The algorithms of the credentials that it last got. */
  readonly algorithms: readonly Algorithm[];
  /** Of all credentials that it was ever given, the last ones at the end. */
  readonly credentials: readonly GivenCredentials[];
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
  'devices.uuid',
  'devices.public_id',
  'devices.key_hash',
  'devices.key_alone',
  'devices.key_used_at',
  'devices.name as device_name',
  'devices.agent',
  'devices.address',
  'devices.version as device_version',
  'devices.algorithms',
  'devices.credentials',
  'devices.first_seen_at',
  'devices.last_seen_at',
  'devices.revoked_at',
  'devices.ended_at',
] as const;

interface DeviceRow {
  device_id: number;
  account_id: number;
  token_id: number;
  uuid: string;
  public_id: string | null;
  key_hash: string | null;
  key_alone: number;
  key_used_at: number | null;
  device_name: string;
  agent: string;
  address: string;
  device_version: string | null;
  algorithms: string;
  credentials: string;
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

const byLoneKey = statement<{ hash: string }>()((db, at) =>
  // A literal, without which SQLite does not use the partial index.
  joined(db).where('devices.key_hash', '=', at.hash).where('devices.key_alone', '=', sql.lit(1)),
);
const byPublicId = statement<{ publicId: string }>()((db, at) =>
  joined(db).where('devices.public_id', '=', at.publicId),
);

/** Finds a device whose key is good without its address, by the hash of that key. */
export function findDeviceByLoneKey(db: Db, hash: string): Promise<FoundDevice | undefined> {
  return found(rows(db, byLoneKey, { hash }));
}

/** Finds a device and its account with one prepared query. */
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

/** Finds a device of the account by its id or its uuid. */
export async function findDevice(db: Db, accountId: number, name: number | string): Promise<Device | undefined> {
  const of = db.selectFrom('devices').select(deviceColumns).where('account_id', '=', accountId);
  const named = typeof name === 'number' ? of.where('id', '=', name) : of.where('uuid', '=', name);
  const row = await named.executeTakeFirst();
  return row === undefined ? undefined : deviceOf(row);
}

/** Finds the device that a token created. */
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

/** Returns how many of the account's devices are not revoked. */
export async function countDevices(db: Db, accountId: number): Promise<number> {
  const [row] = await rows(db, countOpen, { accountId });
  return Number(row?.total ?? 0);
}

export interface NewDevice {
  readonly accountId: number;
  readonly tokenId: number;
  readonly uuid: string;
  readonly publicId: string | null;
  readonly keyHash: string | null;
  readonly agent: string;
  readonly address: string;
  readonly algorithms: readonly Algorithm[];
  readonly credentials: readonly GivenCredentials[];
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
    last_seen_at: at.now,
  };
  return db
    .insertInto('devices')
    .values({ account_id: at.accountId, token_id: at.tokenId, uuid: at.uuid, first_seen_at: at.now, ...seen })
    .onConflict((conflict) =>
      conflict
        .column('token_id')
        .doUpdateSet({ ...seen, key_used_at: null })
        .where('devices.credentials', '=', at.credentialsBefore),
    );
});

/**
 * Returns the step that stores the device of a claimed token. A repeated answer updates the same device, `earlier`, with
 * a new key. It fails if the device has been given other credentials since it was read.
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

/** What is new of a device. */
export interface DeviceNews {
  readonly id: number;
  readonly use?: DeviceUse;
  /** When it showed its key together with its address. */
  readonly keyUse?: { readonly keyHash: string; readonly at: number };
  /** Epoch milliseconds. */
  readonly endedAt?: number;
}

export async function recordDeviceNews(tx: Transaction, news: readonly DeviceNews[]): Promise<void> {
  // In one order, so that two nodes that write the same devices do not deadlock.
  for (const { id, use, keyUse, endedAt } of news.toSorted((one, other) => one.id - other.id)) {
    if (use !== undefined) await recordDeviceUse(tx, id, use);
    if (keyUse !== undefined) await recordKeyUse(tx, id, keyUse);
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
    .where('key_hash', '=', keyUse.keyHash)
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
    uuid: row.uuid,
    publicId: row.public_id,
    keyHash: row.key_hash,
    keyAlone: row.key_alone === 1,
    keyUsedAt: row.key_used_at,
    name: row.device_name,
    agent: row.agent,
    address: row.address,
    version: row.device_version,
    algorithms: row.algorithms.split(',').filter(isAlgorithm),
    credentials: JSON.parse(row.credentials) as GivenCredentials[],
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    revokedAt: row.revoked_at,
    endedAt: row.ended_at,
  };
}
