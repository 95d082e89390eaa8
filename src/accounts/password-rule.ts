import type { Complaint } from '../errors/complaints.ts';
import { invalidFields } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import { checkCharacters } from '../lib/forbidden-characters.ts';
import type { Space } from '../spaces/space.ts';

/** The account that gets a new password, and who sets it. */
export interface PasswordFor {
  readonly space: Pick<Space, 'passwordMinLength'>;
  /** Whether the account is an administrator when the password is stored. */
  readonly admin: boolean;
  readonly actor: Pick<Actor, 'isInPanel'>;
}

/** Administrators type their passwords into the panel, where each of them gives access to the whole space. */
const minAdministratorPassword = 10;

/** Returns the minimum length of a new password, in characters. */
export function minPasswordLength({ space, admin, actor }: PasswordFor): number {
  return Math.max(space.passwordMinLength, admin && actor.isInPanel === true ? minAdministratorPassword : 0);
}

/** Returns what is wrong with a new password, if anything. */
export function passwordComplaint(password: string, of: PasswordFor): Complaint | undefined {
  const unfit = checkCharacters(password);
  if (unfit !== undefined) return unfit;
  const min = minPasswordLength(of);
  // Counts characters as a person does, not UTF-16 units.
  if ([...password].length >= min) return undefined;
  const setting = min === of.space.passwordMinLength ? ({ setting: 'password_min_length' } as const) : {};
  return { code: 'too-short', min, ...setting };
}

/** Throws if the new password is too short. Call this wherever a password is stored, while its account is locked. */
export function requirePassword(password: string, of: PasswordFor): void {
  const complaint = passwordComplaint(password, of);
  if (complaint !== undefined) throw invalidFields({ password: [complaint] });
}
