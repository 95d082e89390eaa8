import { html } from 'ghtml';
import { Type } from 'typebox';
import { actorOf, type Caller, isSuperAdministrator } from '../../access/caller.ts';
import { managedAccount } from '../../access/managed-account.ts';
import { stateCounts } from '../../accounts/account-states.ts';
import { accountsWith } from '../../administration/account-list.ts';
import type { App } from '../../app.ts';
import { type AppError, invalidFields } from '../../errors.ts';
import { queryOf } from '../../http/client-facts.ts';
import { liveEndpoint } from '../../http/live-endpoint.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { mistakesIn } from '../../locale/failure-text.ts';
import { accountsToInvite, countInvitations } from '../../mail/accounts-to-invite.ts';
import { type Invited, inviteAll } from '../../mail/invite.ts';
import { countMails, eachWithFailedMail, type MailView, mailsBefore, progressOf } from '../../mail/list-mails.ts';
import { mailServerOf } from '../../mail/mail-server.ts';
import { watchInvitations } from '../../mail/watch-invitations.ts';
import { type InvitedBefore, invitedDaysAgo } from '../../mail/whom-to-invite.ts';
import type { Space } from '../../spaces/space.ts';
import { failedLine, inviteForms } from '../parts/invite-forms.ts';
import { livePart } from '../parts/live.ts';
import { mailsPath, mailTable, mailTabs, mailViews } from '../parts/mail-rows.ts';
import { invitationsPath } from '../parts/mail-state.ts';
import { afterIn, nextLink, pageOrFirst, rowsOnPage } from '../parts/paging.ts';
import { refusalBanner, statusOf, tryChange } from '../parts/refusal.ts';
import { shape } from '../parts/shape.ts';
import { spacePath } from '../parts/space-pages.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import { inSpace, spaceInView } from '../space-in-view.ts';
import type { SpaceView } from '../view.ts';

const text = (maxLength: number) => Type.Optional(Type.String({ maxLength }));
const form = Type.Object({
  action: Type.Optional(Type.Enum(['invite', 'retry'])),
  filter: text(20),
  /** With `again`: `everyone`, or by default the accounts whose last mail is at least `days` days old. */
  invited: text(10),
  days: text(10),
  /** The id of an account whose mail failed, to send it again. */
  retry: text(20),
});

export const showInvitations = endpoint({
  summary: 'Show the mails with codes, and what became of them',
  produces: ['text/html'],
  async handle({ app, caller, request, reply }) {
    const space = spaceInView(app, caller, request);
    const view = { app, caller, space, reader: readerOf(app, request, reply, space) };
    return sendPage(reply, await invitationsPage(view, queryOf(request)));
  },
});

export const followInvitations = liveEndpoint({
  summary: 'Follow the mails with codes that were asked for last',
  watch({ app, caller, request }) {
    const space = spaceInView(app, caller, request);
    return (signal) => watchInvitations(app, space.id, signal);
  },
});

export const submitInvitations = endpoint({
  summary: 'Mail their codes to a group of accounts, or again to those whose mail failed',
  form,
  produces: ['text/html'],
  async handle({ app, caller, body, request, reply }) {
    const space = spaceInView(app, caller, request);
    const sent = requireShape(form, body);
    const isRetry = sent.action === 'retry' || sent.retry !== undefined;
    if (!isRetry && sent.action === undefined) throw invalidFields({ action: [{ code: 'required' }] });
    const { done, refusal } = await tryChange(() =>
      isRetry
        ? tryAgain(app, caller, space, sent.retry)
        : inviteAll(app, actorOf(caller), toInvite(app, caller, space), { invited: wishOf(sent) }),
    );
    if (refusal === undefined) return seeOther(app, reply, inSpace(caller, space, invitationsPath(done)));
    const view = { app, caller, space, reader: readerOf(app, request, reply, space) };
    return sendPage(reply, await invitationsPage(view, queryOf(request), { refusal, days: sent.days ?? '' }));
  },
});

/** The refusal of a form, and the number of days typed into it. */
interface Refused {
  readonly refusal: AppError;
  readonly days: string;
}

/** Returns the accounts to invite, without that of the caller. */
function toInvite(app: App, caller: Caller, space: Space) {
  return accountsToInvite(app, space, 'waiting', caller.account.id);
}

function wishOf({ filter, invited, days = '' }: { filter?: string; invited?: string; days?: string }): InvitedBefore {
  if (filter !== 'again') return 'never';
  return invited === 'everyone' ? 'everyone' : invitedDaysAgo(days);
}

/** Sends the mail again to one account, or to all whose mail failed. */
async function tryAgain(app: App, caller: Caller, space: Space, id: string | undefined): Promise<Invited> {
  const one = async function* (only: string) {
    const { account } = await managedAccount(app, caller, only);
    yield [account.id];
  };
  const ids = id === undefined ? eachWithFailedMail(app, space.id) : one(id);
  return inviteAll(app, actorOf(caller), accountsWith(app, space, ids), { areNamed: id !== undefined });
}

async function invitationsPage(view: SpaceView, query: URLSearchParams, refused?: Refused): Promise<Page> {
  const { app, caller, reader, space } = view;
  const { t, prefix } = reader;
  const pathTo = (path: string) => `${prefix}${inSpace(caller, space, path)}`;
  const before = afterIn(query, 'before');
  const here = mailViews.find((each) => each === query.get('filter')) ?? 'batch';
  const counts = await countMails(app, space.id);
  const main = html`!${banner(reader, query)}
!${refusalBanner(reader, refused?.refusal)}
!${before === undefined ? await invitePart(view, counts.waiting + counts.sent === 0, refused) : ''}
!${mailTabs(reader, here, counts, pathTo)}
!${here === 'failed' && counts.failed > 0 && before === undefined ? retryForm(reader) : ''}
!${await mailsPart(view, here, before, pathTo)}`;
  const page = { title: t('invitations.title'), place: '/admin/invitations', space, main };
  return { html: shell(reader, caller, page), ...statusOf(refused?.refusal) };
}

function banner({ t }: Reader, query: URLSearchParams): string {
  const counts = ['queued', 'without', 'left', 'blocked'].map((name) => parseCount(query.get(name)));
  const [queued, without, left, blocked] = counts;
  if (queued === undefined) return '';
  const words = [
    t('invitations.queued', { count: queued }),
    ...(without ? [t('invitations.without', { count: without })] : []),
    ...(left ? [t('invitations.left', { count: left })] : []),
    ...(blocked ? [t('invitations.blocked', { count: blocked })] : []),
  ];
  return html`<p class="banner" role="status">${words.join(' ')}</p>`;
}

function parseCount(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function retryForm({ t }: Reader): string {
  return html`<form method="post" class="buttons"><button class="button plain" name="action" value="retry">${t('invitations.retryAll')}</button></form>`;
}

async function mailsPart(
  { app, reader, space }: SpaceView,
  here: MailView,
  from: number | undefined,
  pathTo: (path: string) => string,
): Promise<string> {
  const { t } = reader;
  const { rows: mails, more } = await pageOrFirst(from, (before) =>
    mailsBefore(app, space.id, here, { before, limit: rowsOnPage }),
  );
  const next = more ? pathTo(mailsPath(here, mails.at(-1)?.mail.id)) : undefined;
  const none = t(here === 'batch' ? 'invitations.none' : 'invitations.noneHere');
  const table = html`!${mails.length === 0 ? html`<p class="soft">${none}</p>` : mailTable(reader, mails, app.now())}
!${nextLink(reader, next)}`;
  return here === 'batch' && from === undefined ? batchPart({ app, reader, space }, table, pathTo) : table;
}

/** Returns the state of the latest batch of mails. Its rows change while the page is open. */
async function batchPart(
  { app, reader: { t }, space }: Pick<SpaceView, 'app' | 'reader' | 'space'>,
  table: string,
  pathTo: (path: string) => string,
): Promise<string> {
  const { waiting, sent, failed } = await progressOf(app, space.id);
  const total = waiting + sent + failed;
  if (total === 0) return table;
  const words = t('invitations.progress', { sent, total, waiting, failed });
  const content = html`<p role="status"><b>${words}</b> <progress max="${total}" value="${sent}" aria-hidden="true"></progress></p>
!${table}`;
  return livePart({
    id: 'progress',
    events: pathTo('/admin/invitations/live'),
    page: pathTo('/admin/invitations'),
    state: `${sent + failed}/${total}`,
    isLast: waiting === 0,
    content,
  });
}

/**
 * Returns the forms that send mails. A warning about http is shown only before the first mails, and after that only on
 * the overview.
 */
async function invitePart(
  { app, caller, reader, space }: SpaceView,
  isFirst: boolean,
  refused: Refused | undefined,
): Promise<string> {
  const { t, prefix } = reader;
  if (mailServerOf(app, space) === undefined) {
    return html`<p class="notice">!${shape('unusual')}<span>${t('invitations.noServer')} <a href="${prefix}${spacePath(space, '/mail')}">${t('space.mail')}</a></span></p>`;
  }
  const counted = await countInvitations(app, toInvite(app, caller, space));
  const mistakes = mistakesIn(t, refused?.refusal)?.days ?? [];
  const sent = refused && { days: refused.days, mistakes };
  const warning = isFirst && counted.fresh > 0 ? plainHttp(app, caller, reader) : '';
  const { failed } = await stateCounts(app, space.id);
  return html`<section><h2>${t('invitations.send')}</h2>
!${warning}
!${inviteForms(reader, counted, sent)}
!${failed === 0 ? '' : failedLine(reader, failed, `${prefix}${inSpace(caller, space, '/admin/accounts?filter=failed')}`)}
</section>`;
}

function plainHttp({ publicUrl }: App, caller: Caller, { t, prefix }: Reader): string {
  if (publicUrl.startsWith('https:')) return '';
  const change = isSuperAdministrator(caller)
    ? html`<a href="${prefix}/admin/welcome">${t('invitations.changeAddress')}</a>`
    : '';
  return html`<p class="notice">!${shape('unusual')}<span>${t('invitations.plainHttp')} !${change}</span></p>`;
}
