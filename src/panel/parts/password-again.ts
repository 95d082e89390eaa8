import { Type } from 'typebox';
import { actorOf, type Caller } from '../../access/caller.ts';
import { confirmByPassword } from '../../access/confirm-by-password.ts';
import { isPasswordNeeded, needsPassword } from '../../access/password-question.ts';
import { passwordText } from '../../accounts/account-fields.ts';
import { type AppError, invalidFields } from '../../errors.ts';
import type { Actor } from '../../events/actor.ts';
import { renewSessionCookie } from '../../http/session-cookie.ts';
import type { Mistakes } from '../../locale/failure-text.ts';
import type { Reader } from '../reader.ts';
import type { Asked } from '../view.ts';
import { field } from './field.ts';
import { tryChange } from './refusal.ts';

/** The name of the form field in which people give their password again. */
export const passwordAgain = 'current_password';

/** A password as forms send it, which may be empty. */
export const sentPassword = Type.Optional(Type.String({ ...passwordText, minLength: 0 }));

/**
 * Runs the change of a form for its caller. If the change needs the password again (docs/panel.md says when), checks
 * the password of the form, and runs the change once more for the caller, whose session it confirmed.
 */
export async function withPasswordAgain<T>(
  asked: Asked,
  password: string | undefined,
  change: (caller: Caller) => Promise<T>,
): Promise<Awaited<T>> {
  const { done, refusal } = await tryChange(() => change(asked.caller), isPasswordNeeded);
  return refusal === undefined ? done : await change(await confirmedCaller(asked, password));
}

/**
 * Confirms the caller's session with the password, and sends the browser its renewed cookie. Throws a complaint about
 * `current_password` if it is missing or wrong.
 */
async function confirmedCaller({ app, caller, request, reply }: Asked, password: string | undefined): Promise<Caller> {
  const { session } = caller;
  if (session === undefined || !password) throw invalidFields({ [passwordAgain]: [{ code: 'required' }] });
  const { address } = request.sender;
  const confirmed = await guessing(passwordAgain, () => confirmByPassword(app, caller, { password, address }));
  if (confirmed === undefined) throw invalidFields({ [passwordAgain]: [{ code: 'wrong-password' }] });
  if (confirmed.newSecret !== undefined) renewSessionCookie(app, reply, confirmed.newSecret);
  return { ...caller, session: { ...session, confirmedAt: app.now() } };
}

/**
 * Returns the actor whose session the password of the form confirmed, or the complaint about it. For a change that
 * keeps what was typed even if the password is refused.
 */
export async function confirmedActor(asked: Asked, password: string | undefined): Promise<Actor | AppError> {
  const { done, refusal } = await tryChange(() => confirmedCaller(asked, password), concernsPassword);
  return refusal ?? actorOf(done);
}

/**
 * Runs a change that checks the password in this field. While a delay runs after wrong passwords, throws a complaint
 * about the field, so that the page can show the form again.
 */
export async function guessing<T>(name: string, change: () => Promise<T>): Promise<T> {
  const { done, refusal } = await tryChange(change, ({ code }) => code === 'too-many-sign-ins');
  const wait = refusal?.factsOf('too-many-sign-ins');
  if (wait !== undefined) throw invalidFields({ [name]: [{ code: 'guessed-too-often', ...wait }] });
  return done as T;
}

/** Returns whether a form was refused because of the password in it. */
export function concernsPassword({ fields }: AppError): boolean {
  return fields?.[passwordAgain] !== undefined;
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
  if (!needsPassword(actorOf(caller), now) || (mistakes !== undefined && wrong === undefined)) return '';
  const label = t('confirm.password');
  return field({
    name: passwordAgain,
    label,
    hint: t('confirm.why'),
    attributes: `type="password"${isOptional ? '' : ' required'} autocomplete="current-password"`,
    mistakes: wrong ?? [],
  });
}
