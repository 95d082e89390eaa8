import { renewSessionIn } from '../access/sessions.ts';
import type { Account, AccountInSpace } from '../accounts/account.ts';
import { ha1Columns } from '../accounts/account-row.ts';
import { getAccount, lockAccount, updateAccountRow } from '../accounts/account-store.ts';
import { requirePassword } from '../accounts/password-rule.ts';
import { renewedHa1s } from '../accounts/passwords.ts';
import type { Device } from '../devices/device.ts';
import { listDevicesWithKey, listOpenDevices } from '../devices/device-store.ts';
import { revokeDeviceIn } from '../devices/revoke-device.ts';
import type { By } from '../events/actor.ts';
import { recordEvent } from '../events/event-store.ts';
import type { Algorithm } from '../sip/ha1.ts';
import { lockSpace } from '../spaces/space-store.ts';
import type { Transaction } from '../storage/tables.ts';
import { endSignIns, type KeptSignIn } from '../tokens/auth-tokens.ts';

export interface PasswordWish {
  /** Whether all devices of the account are revoked, also those that sign in by password: they keep what they have. */
  readonly revokeDevices: boolean;
  /** The sign-in that asks, which stays valid. */
  readonly askedBy?: KeptSignIn | undefined;
}

/** A new password, and by which algorithm alone it is stored; by default, by those that the account has. */
export interface NewPassword extends PasswordWish {
  readonly password: string;
  readonly algorithm?: Algorithm | undefined;
}

/** An account with a new password, and its devices that fetch the password by their keys, or all that were revoked. */
export interface WithNewPassword {
  readonly account: Account;
  readonly devices: readonly Device[];
  /** The new secret of the session that asked, if one did. */
  readonly session: string | undefined;
}

/** Locks an account whose password is to change. Its space comes first, because its realm is part of the HA1s. */
export async function lockForPassword(tx: Transaction, { id, spaceId }: Account): Promise<AccountInSpace> {
  const space = await lockSpace(tx, spaceId);
  return { space, account: await lockAccount(tx, id) };
}

/** Stores a new password of an account that `lockForPassword` locked, and does what `applyNewPasswordIn` does. */
export async function storePasswordIn(
  tx: Transaction,
  by: By,
  { account, space }: AccountInSpace,
  { password, algorithm, ...wish }: NewPassword,
): Promise<WithNewPassword> {
  const credentials = newCredentials(by, { account, space }, { password, algorithm });
  await updateAccountRow(tx, account.id, { ...credentials, updated_at: by.at });
  const followed = await applyNewPasswordIn(tx, by, account, wish);
  return { account: await getAccount(tx, account.id), ...followed };
}

/** Returns a new password as it is stored. Throws if it is too short for the account, which is locked with its space. */
export function newCredentials(
  { actor }: By,
  { account, space }: AccountInSpace,
  { password, algorithm }: Pick<NewPassword, 'password' | 'algorithm'>,
): ReturnType<typeof ha1Columns> {
  requirePassword(password, { space, admin: account.admin, actor });
  return ha1Columns(renewedHa1s(account, space, password, algorithm));
}

/**
 * Does what follows from a new password that a person sets, on an account that is locked: ends the sign-ins of its users,
 * gives the session that asks another secret, and revokes its devices if that is wished. Returns that secret, and the devices
 * that follow, or those that it revoked.
 */
export async function applyNewPasswordIn(
  tx: Transaction,
  by: By,
  { id: accountId, spaceId }: Account,
  { revokeDevices, askedBy }: PasswordWish,
): Promise<Omit<WithNewPassword, 'account'>> {
  await endSignIns(tx, accountId, by.at, askedBy);
  const session = askedBy?.session === undefined ? undefined : await renewSessionIn(tx, askedBy.session, by.at);
  await recordEvent(tx, { ...by, kind: 'password-changed', spaceId, accountId });
  if (!revokeDevices) return { devices: await listDevicesWithKey(tx, accountId), session };
  const revoked: Device[] = [];
  const open = await listOpenDevices(tx, accountId);
  for (const device of open) revoked.push(await revokeDeviceIn(tx, by, spaceId, device));
  return { devices: revoked, session };
}
