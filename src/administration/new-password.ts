import type { Account } from '../accounts/account.ts';
import type { Device } from '../devices/device.ts';
import { listDevicesWithKey, listOpenDevices } from '../devices/device-store.ts';
import { revokeDeviceIn } from '../devices/revoke-device.ts';
import type { By } from '../events/actor.ts';
import { recordEvent } from '../events/event-store.ts';
import type { Transaction } from '../storage/tables.ts';
import { endSignIns, type KeptSignIn } from '../tokens/auth-tokens.ts';
import { revokeTokens } from '../tokens/token-store.ts';

export interface PasswordWish {
  /** Whether all devices of the account are revoked, also those that sign in by password: they keep what they have. */
  readonly revokeDevices: boolean;
  /** The sign-in that asks, which stays valid. */
  readonly askedBy?: KeptSignIn | undefined;
}

/** An account with a new password, and its devices that fetch the password by their keys, or all that were revoked. */
export interface WithNewPassword {
  readonly account: Account;
  readonly devices: readonly Device[];
}

/**
 * Does what every new password entails that a person sets, on an account that is locked: ends the sign-ins of its users,
 * and revokes its devices if that is wished. Returns the devices that follow, or those that it revoked.
 */
export async function applyNewPasswordIn(
  tx: Transaction,
  by: By,
  { id: accountId, spaceId }: Account,
  { revokeDevices, askedBy }: PasswordWish,
): Promise<readonly Device[]> {
  await endSignIns(tx, accountId, by.at, askedBy);
  await revokeTokens(tx, accountId, by.at, 'password-reset');
  await recordEvent(tx, { ...by, kind: 'password-changed', spaceId, accountId });
  if (!revokeDevices) return listDevicesWithKey(tx, accountId);
  const revoked: Device[] = [];
  const open = await listOpenDevices(tx, accountId);
  for (const device of open) revoked.push(await revokeDeviceIn(tx, by, spaceId, device));
  return revoked;
}
