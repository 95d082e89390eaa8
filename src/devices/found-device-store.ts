import { sql } from 'kysely';
import type { Account } from '../accounts/account.ts';
import { type AccountRow, accountColumns, accountOf } from '../accounts/account-row.ts';
import { rows } from '../storage/database.ts';
import { statement } from '../storage/statement.ts';
import type { Db } from '../storage/tables.ts';
import type { Device } from './device.ts';
import { type DeviceRow, deviceColumns, deviceOf } from './device-row.ts';

export interface FoundDevice {
  readonly device: Device;
  readonly account: Account;
  /** Whether keys from earlier answers to the device's token also work. */
  readonly hasSpareKeys: boolean;
}

function joined(db: Db) {
  return db
    .selectFrom('devices')
    .innerJoin('accounts', 'accounts.id', 'devices.account_id')
    .leftJoin('external_accounts', 'external_accounts.account_id', 'accounts.id')
    .select([...accountColumns, ...deviceColumns])
    .select(({ exists, selectFrom }) =>
      exists(selectFrom('spare_device_keys').whereRef('device_id', '=', 'devices.id').select('device_id')).as(
        'has_spares',
      ),
    );
}

const byLoneKey = statement<{ hash: string }>()((db, at) =>
  // The value must be a literal, or SQLite does not use the partial index.
  joined(db).where('devices.key_hash', '=', at.hash).where('devices.key_alone', '=', sql.lit(1)),
);
const byPublicId = statement<{ publicId: string }>()((db, at) =>
  joined(db).where('devices.public_id', '=', at.publicId),
);

/** Finds a device whose key is accepted without its address, by the hash of that key. */
export function findDeviceByLoneKey(db: Db, hash: string): Promise<FoundDevice | undefined> {
  return found(rows(db, byLoneKey, { hash }));
}

/** Finds a device and its account with one prepared query. */
export function findDeviceByPublicId(db: Db, publicId: string): Promise<FoundDevice | undefined> {
  return found(rows(db, byPublicId, { publicId }));
}

async function found(
  rows: Promise<(DeviceRow & AccountRow & { has_spares: unknown })[]>,
): Promise<FoundDevice | undefined> {
  const [row] = await rows;
  // On SQLite, the value is 0 or 1.
  return row && { device: deviceOf(row), account: accountOf(row), hasSpareKeys: Boolean(row.has_spares) };
}
