import { timingSafeEqual } from 'node:crypto';
import { type Static, Type } from 'typebox';
import type { Caller } from '../access/caller.ts';
import type { Account } from '../accounts/account.ts';
import { checkPassword, passwordLimits } from '../accounts/account-fields.ts';
import { ha1Columns } from '../accounts/account-row.ts';
import { getAccount, lockAccount, updateAccountRow } from '../accounts/account-store.ts';
import { renewedHa1s } from '../accounts/passwords.ts';
import { invalidFields } from '../errors.ts';
import { oneself } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { algorithms, computeHa1 } from '../sip/ha1.ts';
import type { Space } from '../spaces/space.ts';
import { lockSpace } from '../spaces/space-store.ts';
import { applyNewPasswordIn, type WithNewPassword } from './new-password.ts';
import { revokeDevicesField } from './update-account.ts';

/** The fields that change a password if the caller knows the old one. */
export const passwordChangeShape = Type.Object(
  {
    old_password: Type.String(passwordLimits),
    password: Type.String(passwordLimits),
    algorithm: Type.Optional(
      Type.Enum(algorithms, {
        description: 'The only algorithm to store the password with; by default those that the account has.',
      }),
    ),
    revoke_devices: revokeDevicesField,
  },
  { additionalProperties: false },
);

/** Changes the caller's own password, and ends the other sign-ins. */
export async function changeOwnPassword(
  context: ChangeContext,
  { account: { id, username }, space: known, key }: Pick<Caller, 'account' | 'space' | 'key'>,
  fields: Static<typeof passwordChangeShape>,
): Promise<WithNewPassword> {
  checkPassword('password', fields.password, known);
  return change(context, oneself({ id, username }), async (tx, by) => {
    // Another process may have changed the realm a moment ago.
    const space = await lockSpace(tx, known.id);
    // The lock makes the second of two concurrent changes compare with the password that the first one set.
    const account = await lockAccount(tx, id);
    if (!isPasswordOf(account, space, fields.old_password)) {
      throw invalidFields({ old_password: [{ code: 'wrong-password' }] });
    }
    const ha1s = renewedHa1s(account, space, fields.password, fields.algorithm);
    await updateAccountRow(tx, id, { ...ha1Columns(ha1s), updated_at: by.at });
    const wish = { revokeDevices: fields.revoke_devices ?? false, askedBy: key?.id };
    const devices = await applyNewPasswordIn(tx, by, account, wish);
    return { account: await getAccount(tx, id), devices };
  });
}

/** Compares in constant time, with the strongest algorithm that is stored. */
function isPasswordOf(account: Account, space: Space, password: string): boolean {
  const [stored] = account.ha1s;
  if (stored === undefined) return false;
  const offered = computeHa1(stored.algorithm, account.username, space.effectiveRealm, password);
  return timingSafeEqual(Buffer.from(offered), Buffer.from(stored.ha1));
}
