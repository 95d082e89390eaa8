import type { Account } from '../accounts/account.ts';
import type { Device } from '../devices/device.ts';
import { listDevicesWithKey } from '../devices/device-store.ts';
import { revokeDeviceIn } from '../devices/revoke-device.ts';
import type { By } from '../events/actor.ts';
import { recordEvent } from '../events/event-store.ts';
import type { Transaction } from '../storage/tables.ts';
import { endSignIns } from '../tokens/end-sign-ins.ts';

export interface PasswordWish {
  /** Whether the devices that would follow are revoked. */
  readonly revokeDevices: boolean;
  /** The API key that asks, which stays valid. */
  readonly askedBy?: number | undefined;
}

/** An account with a new password, and its devices that fetch the password by their keys, or were revoked instead. */
export interface WithNewPassword {
  readonly account: Account;
  readonly devices: readonly Device[];
}

/**
 * Does what every new password entails that a person sets, on an account that is locked: ends the sign-ins of its users,
 * and revokes its devices if that is wished. Returns the devices that follow, or followed until now.
 */
export async function applyNewPasswordIn(
  tx: Transaction,
  by: By,
  { id: accountId, spaceId }: Account,
  { revokeDevices, askedBy }: PasswordWish,
): Promise<readonly Device[]> {
  await endSignIns(tx, accountId, by.at, askedBy);
  const following = await listDevicesWithKey(tx, accountId);
  await recordEvent(tx, { ...by, kind: 'password-changed', spaceId, accountId });
  if (!revokeDevices) return following;
  const revoked: Device[] = [];
  for (const device of following) revoked.push(await revokeDeviceIn(tx, by, spaceId, device));
  return revoked;
}
