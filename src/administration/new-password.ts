import { renewSessionIn } from '../access/sessions.ts';
import type { Account, AccountInSpace } from '../accounts/account.ts';
import { ha1Columns } from '../accounts/account-row.ts';
import { getAccount, lockAccount, updateAccountRow } from '../accounts/account-store.ts';
import { requirePassword } from '../accounts/password-rule.ts';
import { renewedHa1s } from '../accounts/passwords.ts';
import type { ListedDevice } from '../devices/device.ts';
import { listDevicesWithKey } from '../devices/listed-device-store.ts';
import { revokeDevicesIn } from '../devices/revoke-device.ts';
import type { By } from '../events/actor.ts';
import { recordEvent } from '../events/event-store.ts';
import type { Algorithm } from '../sip/ha1.ts';
import { lockSpace } from '../spaces/space-store.ts';
import type { Transaction } from '../storage/tables.ts';
import { endSignIns, type KeptSignIn } from '../tokens/end-sign-ins.ts';

export interface PasswordWish {
  /** Whether to revoke all devices of the account, even those that sign in by password. By default, they stay. */
  readonly revokeDevices: boolean;
  /** The sign-in that makes the change, which stays valid. */
  readonly askedBy?: KeptSignIn | undefined;
}

/**
 * A new password, and the only algorithm to store it with. By default, it is stored with the algorithms that the
 * account has.
 */
export interface NewPassword extends PasswordWish {
  readonly password: string;
  readonly algorithm?: Algorithm | undefined;
}

/**
 * An account with a new password, and its devices: those that fetch the new password by their keys, or all that were
 * revoked.
 */
export interface WithNewPassword {
  readonly account: Account;
  readonly devices: readonly ListedDevice[];
  /** The new secret of the session that made the change, if there was one. */
  readonly session: string | undefined;
}

/** Locks an account whose password is about to change. Locks its space first, because the realm is part of the HA1s. */
export async function lockForPassword(tx: Transaction, { id, spaceId }: Account): Promise<AccountInSpace> {
  const space = await lockSpace(tx, spaceId);
  return { space, account: await lockAccount(tx, id) };
}

/** Stores a new password of an account that `lockForPassword` locked, then calls `applyNewPasswordIn`. */
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

/** Returns the HA1s of a new password. Throws if it is too short. The account and its space must be locked. */
export function newCredentials(
  { actor }: By,
  { account, space }: AccountInSpace,
  { password, algorithm }: Pick<NewPassword, 'password' | 'algorithm'>,
): ReturnType<typeof ha1Columns> {
  requirePassword(password, { space, admin: account.admin, actor });
  return ha1Columns(renewedHa1s(account, space, password, algorithm));
}

/**
 * Does what follows from a new password that a person sets; the account must be locked. Ends the sign-ins of its users,
 * replaces the secret of the session that made the change, and revokes the devices if wished. Returns that secret, and
 * the devices that fetch the new password by their keys, or those that were revoked.
 */
export async function applyNewPasswordIn(
  tx: Transaction,
  by: By,
  account: Account,
  { revokeDevices, askedBy }: PasswordWish,
): Promise<Omit<WithNewPassword, 'account'>> {
  const { id: accountId, spaceId } = account;
  await endSignIns(tx, accountId, by.at, askedBy);
  const session = askedBy?.session === undefined ? undefined : await renewSessionIn(tx, askedBy.session, by.at);
  await recordEvent(tx, { ...by, kind: 'password-changed', spaceId, accountId });
  const devices = revokeDevices ? await revokeDevicesIn(tx, by, account) : await listDevicesWithKey(tx, accountId);
  return { devices, session };
}
