import type { Complaint } from '../errors/complaints.ts';
import { invalidFields } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import { checkValue } from '../lpconfig/rules.ts';
import type { Space } from '../spaces/space.ts';

/** Whose new password it is, and who sets it. */
export interface PasswordFor {
  readonly space: Pick<Space, 'passwordMinLength'>;
  /** Whether the account is an administrator once it has the password. */
  readonly admin: boolean;
  readonly actor: Pick<Actor, 'isInPanel'>;
}

/** People type these into the panel, which opens the whole space. */
const minAdministratorPassword = 10;

/** Returns how many characters a new password has at least. */
export function minPasswordLength({ space, admin, actor }: PasswordFor): number {
  return Math.max(space.passwordMinLength, admin && actor.isInPanel === true ? minAdministratorPassword : 0);
}

/** Returns what is wrong with a new password, if anything. */
export function passwordComplaint(password: string, of: PasswordFor): Complaint | undefined {
  const unfit = checkValue(password);
  if (unfit !== undefined) return unfit;
  const min = minPasswordLength(of);
  // Characters, as a person counts them, not UTF-16 units.
  if ([...password].length >= min) return undefined;
  const setting = min === of.space.passwordMinLength ? ({ setting: 'password_min_length' } as const) : {};
  return { code: 'too-short', min, ...setting };
}

/** Throws what is wrong with a new password. Whatever stores one asks here, while its account is locked. */
export function requirePassword(password: string, of: PasswordFor): void {
  const complaint = passwordComplaint(password, of);
  if (complaint !== undefined) throw invalidFields({ password: [complaint] });
}
