import type { Account } from '../accounts/account.ts';
import { lockAccount } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { parseId } from '../lib/parse-id.ts';
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
    if (device.revokedAt !== null) return device;
    await revokeDeviceRow(tx, device.id, by.at);
    await revokeTokenRow(tx, device.tokenId, by.at);
    const detail = { device: device.id, name: device.name };
    await recordEvent(tx, { ...by, kind: 'device-revoked', spaceId, accountId, detail });
    return { ...device, revokedAt: by.at };
  });
}
