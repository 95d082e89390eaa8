import { html } from 'ghtml';
import type { CountedInvitations } from '../../mail/accounts-to-invite.ts';
import type { Reader } from '../reader.ts';
import { shape } from './shape.ts';

/** The submitted values of the form that sends mails again, and their mistakes. */
export interface SentAgain {
  readonly days: string;
  readonly mistakes: readonly string[];
}

/** Returns the forms that send codes by mail: to accounts that got none yet, and again to others. */
export function inviteForms({ t }: Pick<Reader, 't'>, counted: CountedInvitations, sent?: SentAgain): string {
  const { fresh, again, withoutAddress, isMore } = counted;
  const without = withoutAddress === 0 ? '' : t('invitations.without', { count: withoutAddress });
  const nobody = t(again === 0 ? 'invitations.nobody' : 'invitations.nobodyNew');
  const first =
    fresh === 0 && !isMore ? html`<p class="soft">${nobody} ${without}</p>` : firstForm(t, counted, without);
  return html`!${first}!${again === 0 ? '' : againForm(t, counted, sent)}`;
}

/** Returns the line about accounts that failed. The forms leave them out, but the list at `path` can mail them. */
export function failedLine({ t }: Pick<Reader, 't'>, count: number, path: string): string {
  return html`<p class="soft">${t('invitations.failed', { count })} <a href="${path}">${t('overview.allFailed')}</a></p>`;
}

/** Returns the first form. Its button says how many get a mail, because mails cannot be taken back. */
function firstForm(t: Reader['t'], { fresh, isMore }: CountedInvitations, without: string): string {
  // If `fresh` is 0 here, all counted accounts have had a mail, but the count stopped before the end.
  const words =
    fresh === 0
      ? t('invitations.waitingOthers')
      : t(isMore ? 'invitations.waitingMore' : 'invitations.waiting', { count: fresh });
  return html`<form method="post"><input type="hidden" name="filter" value="waiting">
<p class="soft">${t('invitations.whom')} ${without}</p>
<div class="buttons"><button class="button plain" name="action" value="invite">${words}</button></div></form>`;
}

function againForm(
  t: Reader['t'],
  { fresh, again, isMore }: CountedInvitations,
  { days, mistakes }: SentAgain = { days: '7', mistakes: [] },
): string {
  const isWrong = mistakes.length > 0;
  const isOpen = isWrong || (fresh === 0 && !isMore);
  const everyone = t(isMore ? 'invitations.everyoneMore' : 'invitations.everyone', { count: fresh + again });
  return html`<details class="again"!${isOpen ? ' open' : ''}><summary>${t('invitations.againTitle')}</summary>
<form method="post"><input type="hidden" name="filter" value="again">
<div class="check"><input type="radio" id="invited-days" name="invited" value="days" checked><label for="invited-days">${t('invitations.ago')}</label></div>
<div class="within"><label for="days">${t('invitations.days')}</label><input id="days" name="days" inputmode="numeric" value="${days}" size="3" maxlength="3" pattern="[0-9]{1,3}"!${isWrong ? ' aria-describedby="days-mistake" aria-invalid="true"' : ''}></div>
!${isWrong ? html`<p class="mistake within" id="days-mistake">!${shape('failed')}<span>${mistakes.join(' ')}</span></p>` : ''}
<div class="check"><input type="radio" id="invited-everyone" name="invited" value="everyone"><label for="invited-everyone">${everyone}</label></div>
<div class="buttons"><button class="button plain" name="action" value="invite">${t('invitations.againButton')}</button></div></form></details>`;
}
