import { Type } from 'typebox';
import type { Caller } from '../../access/caller.ts';
import { confirmByPassword, needsPassword, type PasswordCheck } from '../../access/confirm-by-password.ts';
import type { Account } from '../../accounts/account.ts';
import { passwordText } from '../../accounts/account-fields.ts';
import { type AppError, invalidFields } from '../../errors.ts';
import { renewSessionCookie } from '../../http/session-cookie.ts';
import type { Mistakes } from '../../locale/failure-text.ts';
import type { Reader } from '../reader.ts';
import type { Asked } from '../view.ts';
import { field } from './field.ts';

/** The name of the form field in which people give their password again. */
export const passwordAgain = 'current_password';

/** A password as forms send it, which may be empty. */
export const sentPassword = Type.Optional(Type.String({ ...passwordText, minLength: 0 }));

/**
 * Checks the password of a form whose change needs it again after ten minutes; docs/panel.md lists these changes.
 * Throws a complaint about `current_password` if it is needed but missing or wrong. If it was checked, the browser gets
 * the renewed cookie of its session.
 */
export async function requirePasswordAgain(
  { app, caller, request, reply }: Asked,
  password: string | undefined,
): Promise<void> {
  if (!needsPassword(caller, app.now())) return;
  if (password === undefined || password === '') throw passwordMissing();
  const { address } = request.sender;
  const secret = await confirmByPassword(app, caller, { password, address });
  if (secret === undefined) throw invalidFields({ [passwordAgain]: [{ code: 'wrong-password' }] });
  renewSessionCookie(app, reply, secret);
}

/**
 * Does so if the change of accounts needs the password by what was read of them. Otherwise returns a check that complains
 * under the lock: an account may have become an administrator meanwhile.
 */
export async function checkPasswordAgain(
  asked: Asked,
  password: string | undefined,
  { isNeeded, isNeededFor }: { readonly isNeeded: boolean; readonly isNeededFor: (account: Account) => boolean },
): Promise<PasswordCheck | undefined> {
  if (isNeeded) {
    await requirePasswordAgain(asked, password);
    return undefined;
  }
  const { app, caller } = asked;
  return (locked) => {
    if (isNeededFor(locked) && needsPassword(caller, app.now())) throw passwordMissing();
  };
}

function passwordMissing(): AppError {
  return invalidFields({ [passwordAgain]: [{ code: 'required' }] });
}

interface FieldFacts {
  readonly now: number;
  /** The mistakes of the refused form. If none is about the password, the session has just been confirmed. */
  readonly mistakes?: Mistakes | undefined;
  /** Whether the form can also be used for changes that need no password. */
  readonly isOptional?: boolean;
}

/** Returns the field for the caller's own password if the form needs it now, otherwise nothing. */
export function passwordAgainField(
  { t }: Reader,
  caller: Caller,
  { now, mistakes, isOptional = false }: FieldFacts,
): string {
  const wrong = mistakes?.[passwordAgain];
  if (!needsPassword(caller, now) || (mistakes !== undefined && wrong === undefined)) return '';
  const label = t('confirm.password');
  return field({
    name: passwordAgain,
    label,
    hint: t('confirm.why'),
    attributes: `type="password"${isOptional ? '' : ' required'} autocomplete="current-password"`,
    mistakes: wrong ?? [],
  });
}
