import type { Account } from '../accounts/account.ts';
import { lockAccount } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { parseId } from '../lib/parse-id.ts';
import type { Transaction } from '../storage/tables.ts';
import { revokeTokenRow } from '../tokens/token-store.ts';
import { type Device, findDevice, revokeDeviceRow } from './device-store.ts';

/**
 * Revokes a device and its token, so that the token's answer is not repeated. Does nothing if the device is already
 * revoked.
 */
export function revokeDevice(
  context: ChangeContext,
  actor: Actor,
  { id: accountId }: Account,
  id: string,
): Promise<Device> {
  return change(context, actor, async (tx, by) => {
    // The lock also makes a concurrent redemption fail.
    const { spaceId } = await lockAccount(tx, accountId);
    const number = parseId(id);
    const device = number === undefined ? undefined : await findDevice(tx, accountId, number);
    if (device === undefined) throw new AppError('not-found', { what: 'device', name: id });
    return device.revokedAt === null ? revokeDeviceIn(tx, by, spaceId, device) : device;
  });
}

/** Revokes a device that is not revoked yet, and whose account is locked. */
export async function revokeDeviceIn(tx: Transaction, by: By, spaceId: number, device: Device): Promise<Device> {
  const { id, accountId, tokenId, name } = device;
  await revokeDeviceRow(tx, id, by.at);
  await revokeTokenRow(tx, tokenId, by.at);
  await recordEvent(tx, { ...by, kind: 'device-revoked', spaceId, accountId, detail: { device: id, name } });
  return { ...device, revokedAt: by.at };
}
