import { html } from 'ghtml';
import { type Caller, manages } from '../../access/caller.ts';
import type { ContactList } from '../../contacts/contact-list.ts';
import { contactListsIn, contactListsOf } from '../../contacts/list-contact-lists.ts';
import type { Space } from '../../spaces/space.ts';
import type { Reader } from '../reader.ts';
import type { AccountView } from '../view.ts';
import { listPath } from './contact-lists.ts';

/** Returns the contact lists that an account reads. Each has a button to remove it, and a form adds another. */
export async function listsOfAccount({ app, caller, reader, found }: AccountView): Promise<string> {
  const { t } = reader;
  const { account, space } = found;
  const given = await contactListsOf(app, account);
  const all = await contactListsIn(app, [space.id]);
  const others = all.filter(({ id }) => !given.some((each) => each.id === id));
  if (given.length === 0 && all.length === 0) return '';
  const rows = given.map((list) => row(reader, caller, app.spaces.getById(list.spaceId), list));
  const options = others.map(({ id, title }) => html`<option value="${id}">${title}</option>`);
  return html`<section><h2>${t('lists.ofAccount')}</h2>
!${rows.length === 0 ? html`<p>${t('lists.noneOfAccount')}</p>` : html`<ul class="rows">!${rows}</ul>`}
!${
    options.length === 0
      ? ''
      : html`<form method="post"><div class="field"><label for="list">${t('lists.which')}</label><select id="list" name="list">!${options}</select></div>
<div class="buttons"><button class="button plain" name="action" value="give">${t('lists.give')}</button></div></form>`
  }</section>`;
}

/** A list of another space has neither a link nor a button, because both would lead to a refusal. */
function row({ t, prefix }: Reader, caller: Caller, space: Space, list: ContactList): string {
  const { id, title, description } = list;
  const name = html`<bdi>${title}</bdi>`;
  const second = html`<span class="second">${description}</span>`;
  if (!manages(caller, space.id)) return html`<li><div><b class="name">!${name}</b>!${second}</div></li>`;
  return html`<li><div><a class="name" href="${prefix}${listPath(space, list)}">!${name}</a>!${second}</div>
<form method="post"><input type="hidden" name="list" value="${id}"><button class="word soft" name="action" value="withdraw" aria-label="${t('lists.withdrawNamed', { name: title })}">${t('lists.reader.take')}</button></form></li>`;
}
