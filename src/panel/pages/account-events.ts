import { html } from 'ghtml';
import { managedAccount } from '../../access/managed-account.ts';
import { type EventKind, eventKinds } from '../../events/event.ts';
import { eventsBefore } from '../../events/list-events.ts';
import { queryOf } from '../../http/client-facts.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { parseId } from '../../lib/parse-id.ts';
import { accountHead } from '../parts/account-head.ts';
import { timeline } from '../parts/timeline.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

const perPage = 50;
const phoneKinds: readonly EventKind[] = [
  'token-issued',
  'token-extended',
  'token-revoked',
  'page-opened',
  'code-shown',
  'turned-away',
  'refused',
  'fetched',
  'delivered',
  'answer-lost',
  'refetched',
  'device-revoked',
  'device-ended',
  'ending-repeated',
  'device-refused',
];
const kindsOf: Readonly<Record<string, readonly EventKind[]>> = {
  phones: phoneKinds,
  changes: (Object.keys(eventKinds) as EventKind[]).filter((kind) => !phoneKinds.includes(kind)),
};
const shows = ['all', 'phones', 'changes'] as const;

export const showTimeline = endpoint({
  params: ['id'],
  summary: 'Show what happened to an account',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const found = await managedAccount(app, caller, params.id);
    const reader = readerOf(app, request, reply, found.space);
    const query = queryOf(request);
    const show = shows.find((each) => each === query.get('show')) ?? 'all';
    const kinds = kindsOf[show];
    const before = parseId(query.get('before') ?? '');
    const filter = { accountId: found.account.id, ...(kinds === undefined ? {} : { kinds }) };
    const page = await eventsBefore(app, { ...filter, ...(before === undefined ? {} : { before }) }, perPage);
    const { tabs, ...head } = accountHead(reader, found, '/events');
    const path = `${reader.prefix}/admin/accounts/${found.account.id}/events`;
    const main = html`!${tabs}
!${filterForm(reader, path, show)}
!${page.events.length === 0 ? html`<h2>${reader.t('timeline.none')}</h2><p class="soft">${reader.t('timeline.noneLine')}</p>` : timeline(reader, page.events, app.now())}
<nav class="paging" aria-label="${reader.t('timeline.tab')}">!${before === undefined ? '' : html`<a href="${path}?show=${show}">${reader.t('timeline.newest')}</a>`}!${page.older === undefined ? '' : html`<a rel="next" href="${path}?show=${show}&before=${page.older}">${reader.t('timeline.older')}</a>`}</nav>`;
    return sendPage(reply, { html: shell(reader, caller, { ...head, main }) });
  },
});

function filterForm({ t }: Reader, path: string, show: string): string {
  const options = shows.map(
    (each) => html`<option value="${each}"!${each === show ? ' selected' : ''}>${t(`timeline.${each}`)}</option>`,
  );
  return html`<form class="search" action="${path}"><label class="hidden" for="show">${t('timeline.filter')}</label><select id="show" name="show">!${options}</select><button class="button plain">${t('timeline.show')}</button></form>`;
}
