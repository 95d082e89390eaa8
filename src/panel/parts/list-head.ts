import { html } from 'ghtml';
import type { Caller } from '../../access/caller.ts';
import type { StateCounts } from '../../accounts/account-state.ts';
import { recentDays } from '../../administration/attention.ts';
import type { Space } from '../../spaces/space.ts';
import type { Reader } from '../reader.ts';
import { type ListQuery, listPath, reasonName } from './list-query.ts';
import { reasonWords } from './state-words.ts';

/** Adds the space in view to the path of a page. */
export type PathTo = (path: string) => string;

interface View {
  readonly reader: Reader;
  readonly caller: Caller;
  readonly space: Space;
}

/**
 * Without `change`, which fires when the search box loses the focus: reloading the list then would lose the first click
 * on it. So only typing and choosing a group count. A later search replaces one that is still under way: by default,
 * htmx drops all but the first that waits, and the list would not match the search box.
 */
const triggers = 'input delay:300ms from:#search, submit';
const groupTrigger = ', change from:#in-group';

/**
 * Returns the search above the list. With a script, it searches during typing, and *Export* follows; the button is for
 * browsers without one.
 */
export function searchForm(
  { reader: { t, prefix }, caller, space }: View,
  { search, filter, group, failure, isRecent }: ListQuery,
  groups: readonly string[],
): string {
  const path = `${prefix}/admin/accounts`;
  const hidden = (name: string, value: string) => html`<input type="hidden" name="${name}" value="${value}">`;
  const option = (value: string, name: string) =>
    html`<option value="${value}"!${value === group ? ' selected' : ''}>${name}</option>`;
  const known = group === '' || groups.includes(group) ? groups : [group, ...groups];
  const choice = html`<select id="in-group" name="group" aria-label="${t('accounts.group')}">!${option('', t('accounts.allGroups'))}!${known.map((each) => option(each, each))}</select>`;
  return html`<form class="search" role="search" action="${path}" hx-get="${path}" hx-trigger="${known.length === 0 ? triggers : `${triggers}${groupTrigger}`}" hx-sync="replace" hx-target="#list" hx-select="#list" hx-select-oob="#export" hx-swap="outerHTML" hx-push-url="true">
!${space.id === caller.space.id ? '' : hidden('space', space.domain)}!${filter === undefined ? '' : hidden('filter', filter)}!${failure === '' ? '' : hidden('reason', reasonName(failure))}!${isRecent ? hidden('days', String(recentDays)) : ''}
<input type="search" id="search" name="search" value="${search}" aria-label="${t('accounts.search')}" placeholder="${t('accounts.search')}" maxlength="200" autocomplete="off">
!${known.length === 0 ? '' : choice}
<noscript><button class="button plain">${t('accounts.searchButton')}</button></noscript>
</form>`;
}

const states = ['active', 'waiting', 'failed', 'never', 'blocked'] as const;

/** Returns the states in words, with their numbers and links to their accounts. */
export function stateLinks(reader: Reader, query: ListQuery, counts: StateCounts | undefined, pathTo: PathTo): string {
  const { t } = reader;
  const link = (filter: ListQuery['filter'], word: string, count: number | undefined) => {
    const path = pathTo(listPath({ search: query.search, group: query.group, filter }));
    const here = filter === query.filter ? ' aria-current="page"' : '';
    const number = count === undefined ? '' : html` <span class="count">${count}</span>`;
    return html`<li><a href="${path}"!${here}>${word}!${number}</a></li>`;
  };
  const total = counts === undefined ? undefined : Object.values(counts).reduce((sum, each) => sum + each, 0);
  const items = states.map((state) => link(state, t(`state.${state}`), counts?.[state]));
  return html`<nav class="tabs states" aria-label="${t('accounts.states')}"><ul>
!${[link(undefined, t('accounts.all'), total), ...items, link('no-mail', t('accounts.noMail'), undefined)]}
</ul></nav>!${query.failure === '' ? '' : reasonLine(reader, query, pathTo)}`;
}

/** Returns the line that says which reason of failure and which time the list is limited to. */
function reasonLine(reader: Reader, query: ListQuery, pathTo: PathTo): string {
  const { t } = reader;
  const reason = t('accounts.onlyReason', { reason: reasonWords(reader, query.failure) });
  const words = query.isRecent
    ? html`<b>${reason}</b> ${t('accounts.lately', { days: recentDays })}`
    : html`<b>${reason}</b>`;
  const link = (wider: Partial<ListQuery>, words: string) => {
    const path = pathTo(listPath({ ...query, ...wider, isRecent: false, after: 0, open: undefined }));
    return html` <a href="${path}">${words}</a>`;
  };
  const earlier = query.isRecent ? link({}, t('accounts.alsoEarlier')) : '';
  return html`<p class="reason">!${words}!${earlier}!${link({ failure: '' }, t('overview.allFailed'))}</p>`;
}
