import { html } from 'ghtml';
import { type UnsentReason, unsentReasons } from '../../events/event.ts';
import type { Translate } from '../../locale/translate.ts';
import type { Invited } from '../../mail/invite.ts';
import type { Mail } from '../../mail/mail.ts';
import type { Reader } from '../reader.ts';
import { type Shape, shape } from './shape.ts';

const shapes = { waiting: 'waiting', sent: 'done', failed: 'failed' } as const satisfies Record<Mail['state'], Shape>;

/** Returns the state of a mail in words, with the mail server's answer. */
export function mailState({ t }: Reader, { state, answer, reason, attempts }: Mail): string {
  const why = reason === null ? answer : unsentText(t, reason);
  const shown = state === 'sent' || why === null ? '' : html`<span class="second"><bdi>${why}</bdi></span>`;
  const word = state === 'waiting' && attempts > 0 ? t('mailState.again') : t(`mailState.${state}`);
  return html`!${shape(shapes[state])} <b>${word}</b>!${shown}`;
}

/** Returns in words why a mail was not sent: our reason, or what the mail server said. */
export function unsentText(t: Translate, why: string): string {
  return isUnsentReason(why) ? t(`unsent.${why}`) : why;
}

export function isUnsentReason(why: string): why is UnsentReason {
  return unsentReasons.some((each) => each === why);
}

/** Returns the path of the page of invitations, with the number of queued mails in its query. */
export function invitationsPath({ queued, withoutAddress, leftOut, blocked }: Invited): string {
  return `/admin/invitations?queued=${queued}&without=${withoutAddress}&left=${leftOut}&blocked=${blocked}`;
}
