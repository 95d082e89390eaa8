import { type Static, Type } from 'typebox';
import { type Caller, selfOf } from '../access/caller.ts';
import { admitGuess } from '../access/confirm-by-password.ts';
import type { SignInContext } from '../access/sign-in-by-password.ts';
import { newPassword, passwordText } from '../accounts/account-fields.ts';
import { requirePassword } from '../accounts/password-rule.ts';
import { isPasswordOf } from '../accounts/passwords.ts';
import { invalidFields } from '../errors.ts';
import { change } from '../events/change.ts';
import { algorithms } from '../sip/ha1.ts';
import { ensureCodeIn } from '../tokens/ensure-code.ts';
import type { TokenContext } from '../tokens/issue-token.ts';
import { lockForPassword, storePasswordIn, type WithNewPassword } from './new-password.ts';
import { revokeDevicesField } from './update-account.ts';

export const passwordChangeShape = Type.Object(
  {
    old_password: Type.String(passwordText),
    password: newPassword,
    algorithm: Type.Optional(
      Type.Enum(algorithms, {
        description: 'The only algorithm to store the password with; by default those that the account has.',
      }),
    ),
    revoke_devices: revokeDevicesField,
  },
  { additionalProperties: false, title: 'PasswordChange' },
);

export interface OwnPasswordContext extends TokenContext, Pick<SignInContext, 'signInLimits'> {}

export interface OwnPassword {
  readonly caller: Pick<Caller, 'account' | 'space' | 'key' | 'session'>;
  readonly fields: Static<typeof passwordChangeShape>;
  readonly address: string;
  /** Makes sure of a valid code, by which phones without a key can get the password. */
  readonly ensuresCode?: boolean;
}

/**
 * Changes the caller's own password, and ends the account's other sign-ins. In a session, checking the old password
 * counts as a sign-in attempt from `address`, so that nobody can guess the password here.
 */
export async function changeOwnPassword(
  context: OwnPasswordContext,
  { caller, fields, address, ensuresCode = false }: OwnPassword,
): Promise<WithNewPassword> {
  const { account, space, key, session } = caller;
  const actor = selfOf(caller);
  // Checked first, so that a password that is too short does not cost a sign-in attempt. It is checked again once the
  // account is locked.
  requirePassword(fields.password, { space, admin: account.admin, actor });
  const succeeded = session === undefined ? undefined : await admitGuess(context, caller, address);
  const changed = await change(context, actor, async (tx, by) => {
    // Because of the lock, the second of two concurrent changes is compared with the password that the first one set.
    const found = await lockForPassword(tx, account);
    if (!isPasswordOf(found.account, found.space, fields.old_password)) {
      throw invalidFields({ old_password: [{ code: 'wrong-password' }] });
    }
    const { password, algorithm, revoke_devices: revokeDevices = false } = fields;
    const askedBy = { key: key?.id, session: session?.id };
    const stored = await storePasswordIn(tx, by, found, { password, algorithm, revokeDevices, askedBy });
    if (ensuresCode) await ensureCodeIn(tx, by, found, context);
    return stored;
  });
  await succeeded?.();
  return changed;
}
