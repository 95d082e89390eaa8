import { html } from 'ghtml';
import type { Account } from '../../accounts/account.ts';
import type { ListedAccount } from '../../administration/account-list.ts';
import { followedCodeOf } from '../../provisioning/newest-code.ts';
import type { SpaceView } from '../view.ts';
import { codePanel } from './code-panel.ts';
import type { PathTo } from './list-head.ts';
import { type ListQuery, listPath } from './list-query.ts';
import { livePart } from './live.ts';
import { stateWords } from './state-words.ts';

/** Returns the table of accounts. The code of one account may be shown below its row. */
export async function accountRows(
  view: SpaceView,
  query: ListQuery,
  listed: readonly ListedAccount[],
  pathTo: PathTo,
): Promise<string> {
  const { t } = view.reader;
  const bodies: string[] = [];
  for (const each of listed) {
    const code = each.account.id === query.open ? await openRow(view, each) : '';
    bodies.push(row(view, query, each, { pathTo, code }));
  }
  return html`<table class="accounts">
<thead><tr><td class="over"></td><th scope="col">${t('accounts.name')}</th><th scope="col">${t('account.state')}</th><th scope="col" class="figures phones">${t('accounts.phones')}</th><th scope="col" class="group">${t('accounts.group')}</th><td class="over"></td></tr></thead>
<tbody>!${bodies}</tbody>
</table>`;
}

function row(
  { app, caller, reader }: SpaceView,
  query: ListQuery,
  { account, state, devices }: ListedAccount,
  { pathTo, code }: { readonly pathTo: PathTo; readonly code: string },
): string {
  const { t } = reader;
  const { id, username, displayName, group } = account;
  const name = displayName === null || displayName === '' ? username : displayName;
  const isOpen = code !== '';
  const matched = foundBy(query.search, account);
  const opened = pathTo(listPath({ ...query, open: isOpen ? undefined : id }));
  const own = `${reader.prefix}/admin/accounts/${id}`;
  const change = state.state === 'blocked' ? 'unblock' : 'block';
  const block =
    id === caller.account.id
      ? ''
      : html`<button class="word soft" form="bulk" name="${change}" value="${id}" aria-label="${t('accounts.of', { action: t(`account.${change}`), name })}">${t(`account.${change}`)}</button>`;
  return html`<tr data-id="${id}" data-state="${state.state}"!${isOpen ? ' class="open"' : ''}>
<td class="box"><input type="checkbox" form="bulk" name="account" value="${id}"!${query.ticked.includes(id) ? ' checked' : ''} aria-label="${t('accounts.choose', { name })}"></td>
<td class="who"><a class="name" href="${own}"><bdi>${name}</bdi></a><span class="second"><bdi>${username}</bdi>!${matched === undefined ? '' : html` · <bdi>${matched}</bdi>`}</span></td>
<td class="how">!${stateWords(reader, { state, devices }, app.now())}</td>
<td class="figures phones">${devices.count}</td>
<td class="group">${group ?? '–'}</td>
<td class="does"><a id="code-${id}" href="${isOpen ? opened : `${own}/provisioning`}" hx-get="${opened}" hx-target="#list" hx-select="#list" hx-swap="outerHTML" hx-include=".accounts .box :checked, #all:checked" aria-label="${t('accounts.of', { action: t(isOpen ? 'nav.close' : 'accounts.code'), name })}">${t(isOpen ? 'nav.close' : 'accounts.code')}</a>!${block}</td>
</tr>!${code}`;
}

/** Returns the mail address or number by which a search found the account, unless its names contain the search. */
function foundBy(search: string, { username, displayName, email, phone }: Account): string | undefined {
  const sought = search.toLowerCase();
  if (sought === '' || `${displayName ?? ''} ${username}`.toLowerCase().includes(sought)) return undefined;
  if (email?.toLowerCase().includes(sought)) return email;
  const digits = search.replace(/\D/g, '');
  return digits !== '' && phone?.includes(digits) ? phone : undefined;
}

/** Returns the row below an account, with the account's newest code. */
async function openRow({ app, reader, space }: SpaceView, { account }: ListedAccount): Promise<string> {
  const found = { account, space };
  const code = await followedCodeOf(app, found);
  const page = `${reader.prefix}/admin/accounts/${account.id}/provisioning`;
  return html`<tr class="opened"><td colspan="6">!${code === undefined ? html`<p>${reader.t('code.neverLine')}</p>` : livePart({ id: 'code', events: `${page}/live`, page, ...code.progress, content: codePanel(reader, found, code, { now: app.now() }) })}<p class="small"><a href="${page}">${reader.t('accounts.codePage')}</a></p></td></tr>`;
}
