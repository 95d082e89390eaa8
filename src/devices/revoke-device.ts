import type { Account } from '../accounts/account.ts';
import { lockAccount } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent, recordForEach } from '../events/event-store.ts';
import { parseId } from '../lib/parse-id.ts';
import type { Transaction } from '../storage/tables.ts';
import { revokeTokenRow } from '../tokens/token-store.ts';
import type { Device, ListedDevice } from './device.ts';
import { findDevice, revokeDeviceRow } from './device-store.ts';
import { lockOpenDevices, revokeOpenDevices } from './listed-device-store.ts';

/**
 * Revokes the device with this id or uuid, and its token, so that the token's answer is not repeated. Does nothing if
 * the device is already revoked.
 */
export function revokeDevice(
  context: ChangeContext,
  actor: Actor,
  { id: accountId }: Account,
  name: string,
): Promise<Device> {
  return change(context, actor, async (tx, by) => {
    // The lock also makes a concurrent redemption fail.
    const { spaceId } = await lockAccount(tx, accountId);
    const key = parseId(name) ?? uuidIn(name);
    const device = key === undefined ? undefined : await findDevice(tx, accountId, key);
    if (device === undefined) throw new AppError('not-found', { what: 'device', name });
    return device.revokedAt === null ? revokeDeviceIn(tx, by, spaceId, device) : device;
  });
}

async function revokeDeviceIn(tx: Transaction, by: By, spaceId: number, device: Device): Promise<Device> {
  const { id, accountId, tokenId } = device;
  const name = await revokeDeviceRow(tx, id, by.at);
  await revokeTokenRow(tx, tokenId, by.at);
  await recordEvent(tx, { ...by, kind: 'device-revoked', spaceId, accountId, detail: { device: id, name } });
  return { ...device, name, revokedAt: by.at };
}

/**
 * Revokes all devices of an account, which must be locked, and their tokens. The number of statements does not depend
 * on how many there are, because on SQLite, everybody else's changes wait meanwhile. Returns those that were not
 * revoked yet.
 */
export async function revokeDevicesIn(
  tx: Transaction,
  by: By,
  { id: accountId, spaceId }: Account,
): Promise<ListedDevice[]> {
  const open = await lockOpenDevices(tx, accountId);
  await revokeOpenDevices(tx, accountId, by.at);
  const details = open.map(({ id, name }) => ({ device: id, name }));
  await recordForEach(tx, { ...by, kind: 'device-revoked', spaceId, accountId }, details);
  return open.map((device) => ({ ...device, revokedAt: by.at }));
}

function uuidIn(name: string): string | undefined {
  return /^(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.exec(name)?.[1]?.toLowerCase();
}
