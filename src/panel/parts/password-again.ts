import type { Caller } from '../../access/caller.ts';
import { needsPassword } from '../../access/confirm-by-password.ts';
import { passwordAgain } from '../../http/confirm-session.ts';
import type { Mistakes } from '../../locale/failure-text.ts';
import type { Reader } from '../reader.ts';
import { field } from './field.ts';

interface Asked {
  readonly now: number;
  /** Why the form was refused. One that was not refused for the password has confirmed the session. */
  readonly mistakes?: Mistakes | undefined;
  /** Whether the form does other things too. */
  readonly isOptional?: boolean;
}

/** Returns the field for the caller's own password if the form needs it now, and otherwise nothing. */
export function passwordAgainField(
  { t }: Reader,
  caller: Caller,
  { now, mistakes, isOptional = false }: Asked,
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
