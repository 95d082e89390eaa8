import { locking } from '../storage/dialect.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import type { ListedDevice } from './device.ts';

const listedColumns = [
  'id',
  'uuid',
  'public_id as publicId',
  'key_hash as keyHash',
  'name',
  'agent',
  'address',
  'first_seen_at as firstSeenAt',
  'last_seen_at as lastSeenAt',
  'revoked_at as revokedAt',
  'ended_at as endedAt',
] as const;

function openDevices(db: Db, accountId: number) {
  return db
    .selectFrom('devices')
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .orderBy('id')
    .select(listedColumns);
}

/** Lists unrevoked devices, with a key or without. */
export function listOpenDevices(db: Db, accountId: number): Promise<ListedDevice[]> {
  return openDevices(db, accountId).execute();
}

/** Lists unrevoked devices that fetch documents by a key of their own. */
export function listDevicesWithKey(db: Db, accountId: number): Promise<ListedDevice[]> {
  return openDevices(db, accountId).where('key_hash', 'is not', null).execute();
}

/** Lists unrevoked devices and locks them by id, like `recordDeviceNews`, so that the two do not deadlock. */
export function lockOpenDevices(tx: Transaction, accountId: number): Promise<ListedDevice[]> {
  return locking(tx, openDevices(tx, accountId), 'update').execute();
}

/** Revokes all devices of an account and the tokens that they used, however many there are. */
export async function revokeOpenDevices(tx: Transaction, accountId: number, now: number): Promise<void> {
  const open = tx.selectFrom('devices').where('account_id', '=', accountId).where('revoked_at', 'is', null);
  await tx
    .updateTable('tokens')
    .set({ revoked_at: now })
    .where('revoked_at', 'is', null)
    .where('id', 'in', open.select('token_id'))
    .execute();
  await tx
    .updateTable('devices')
    .set({ revoked_at: now })
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .execute();
}
