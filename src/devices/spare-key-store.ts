import { type Step, statement, step } from '../storage/statement.ts';
import type { Db, Transaction } from '../storage/tables.ts';

// When a token is answered again, the same device gets another key. The server cannot know which answer reached the
// phone, so all keys are valid until one is used. If one was used before the token was answered again, all stay valid:
// the phone may have scanned the code again, or another phone did.

const spare = statement<{ tokenId: number }>()((db, at) =>
  db
    .insertInto('spare_device_keys')
    .columns(['key_hash', 'device_id'])
    .expression(
      db
        .selectFrom('devices')
        .where('token_id', '=', at.tokenId)
        .where('key_hash', 'is not', null)
        .select((row) => [row.ref('key_hash').$notNull().as('key_hash'), 'id as device_id']),
    ),
);

/** Returns the step that keeps the device's current key valid beside its next one. It fails if there is no key. */
export function spareKeyStep(tokenId: number): Step {
  return step(spare, { tokenId });
}

/** Selects a device's spare key. */
export function spareKey(db: Db, deviceId: number, hash: string) {
  return db
    .selectFrom('spare_device_keys')
    .where('device_id', '=', deviceId)
    .where('key_hash', '=', hash)
    .select('device_id');
}

export async function isSpareKey(db: Db, deviceId: number, hash: string): Promise<boolean> {
  return (await spareKey(db, deviceId, hash).executeTakeFirst()) !== undefined;
}

/** Makes a spare key the only key of its device. Returns false if another key was used meanwhile. */
export async function chooseSpareKey(tx: Transaction, deviceId: number, hash: string): Promise<boolean> {
  const chosen = await tx
    .deleteFrom('spare_device_keys')
    .where('device_id', '=', deviceId)
    .where('key_hash', '=', hash)
    .executeTakeFirst();
  if (chosen.numDeletedRows === 0n) return false;
  await tx.updateTable('devices').set({ key_hash: hash }).where('id', '=', deviceId).execute();
  await dropSpareKeys(tx, deviceId, hash);
  return true;
}

/** Ends all keys of a device except the used one, unless that one has become a spare key meanwhile. */
export async function dropSpareKeys(db: Db, deviceId: number, usedHash: string): Promise<void> {
  await db
    .deleteFrom('spare_device_keys')
    .where('device_id', '=', deviceId)
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('devices').select('id').where('id', '=', deviceId).where('key_hash', '=', usedHash)),
    )
    .execute();
}
