import { html } from 'ghtml';
import type { MessageKey } from '../../locale/translate.ts';
import { type ListedMail, type MailView, maxMailsCounted } from '../../mail/list-mails.ts';
import type { MailState } from '../../mail/mail.ts';
import type { Reader } from '../reader.ts';
import type { PathTo } from './list-head.ts';
import { mailState } from './mail-state.ts';
import { shortMoment } from './short-moment.ts';

export const mailViews = ['batch', 'waiting', 'sent', 'failed'] as const satisfies readonly MailView[];

const viewNames = {
  batch: 'invitations.batch',
  waiting: 'mailState.waiting',
  sent: 'mailState.sent',
  failed: 'mailState.failed',
} as const satisfies Record<MailView, MessageKey>;

/** Returns the path of the page that lists these mails. */
export function mailsPath(view: MailView, before?: number | undefined): string {
  const query = new URLSearchParams({
    ...(view === 'batch' ? {} : { filter: view }),
    ...(before === undefined ? {} : { before: String(before) }),
  });
  return `/admin/invitations${query.size === 0 ? '' : `?${query}`}`;
}

/** Returns links to the latest batch of mails and to the mails in each state. */
export function mailTabs(
  { t }: Pick<Reader, 't'>,
  here: MailView,
  counts: Readonly<Record<MailState, number>>,
  pathTo: PathTo,
): string {
  const items = mailViews.map((view) => {
    const current = view === here ? ' aria-current="page"' : '';
    const count = view === 'batch' ? undefined : counts[view];
    const number =
      count === undefined ? '' : html` <span class="count">${count}!${count === maxMailsCounted ? '+' : ''}</span>`;
    return html`<li><a href="${pathTo(mailsPath(view))}"!${current}>${t(viewNames[view])}!${number}</a></li>`;
  });
  return html`<nav class="tabs states" aria-label="${t('invitations.views')}"><ul>!${items}</ul></nav>`;
}

/** Returns the table of mails and their states. A failed mail can be sent again, unless it is no longer needed. */
export function mailTable(reader: Reader, mails: readonly ListedMail[], now: number): string {
  const { t } = reader;
  return html`<table class="mails">
<thead><tr><th scope="col">${t('accounts.name')}</th><th scope="col">${t('invitations.state')}</th><td></td></tr></thead>
<tbody>!${mails.map((each) => row(reader, each, now)).join('')}</tbody>
</table>`;
}

function row(reader: Reader, { mail, account }: ListedMail, now: number): string {
  const { t, prefix } = reader;
  const retry =
    mail.state === 'failed' && mail.reason !== 'code-used' && mail.reason !== 'account-blocked'
      ? html`<form method="post"><button class="word" name="retry" value="${account.id}" aria-label="${t('accounts.of', { action: t('invitations.retry'), name: account.name })}">${t('invitations.retry')}</button></form>`
      : '';
  return html`<tr data-id="${account.id}" data-mail="${mail.state}">
<td><a class="name" href="${prefix}/admin/accounts/${account.id}"><bdi>${account.name}</bdi></a><span class="second"><bdi>${mail.recipient}</bdi></span></td>
<td>!${mailState(reader, mail)}<span class="second">!${shortMoment(reader, mail.endedAt ?? mail.queuedAt, now)}</span></td>
<td class="does">!${retry}</td>
</tr>`;
}
