import { html } from 'ghtml';
import { Type } from 'typebox';
import { type Caller, manages } from '../../access/caller.ts';
import type { AccountInSpace } from '../../accounts/account.ts';
import type { App } from '../../app.ts';
import { type ContactList, contactListNotFound } from '../../contacts/contact-list.ts';
import { contactListsOfAfter, contactListsTitled, contactListsToGive } from '../../contacts/list-contact-lists.ts';
import { managedContactList } from '../../contacts/people-on-lists.ts';
import { invalidFields } from '../../errors.ts';
import type { PageOfRows } from '../../lib/page-of-rows.ts';
import { trimBlanks } from '../../lib/trim-blanks.ts';
import type { Space } from '../../spaces/space.ts';
import type { Reader } from '../reader.ts';
import type { AccountView } from '../view.ts';
import { listPath, listsOnPage, shortDescription } from './contact-lists.ts';
import { field } from './field.ts';
import { nextLink, pageOrFirst } from './paging.ts';

/** The fields that name a list: chosen by id, or typed as its title. */
export const namedListForm = Type.Object({
  list: Type.Optional(Type.String({ maxLength: 20 })),
  list_name: Type.Optional(Type.String({ maxLength: 400 })),
});

/** With more lists than this, the one to give is typed, because the page has at most 60 kB. */
const maxChoices = 50;

/** Returns the list to give to an account. A typed title may be that of several lists: then its number is needed. */
export async function listNamed(
  app: App,
  caller: Caller,
  { space }: AccountInSpace,
  { list = '', list_name: typed }: { readonly list?: string; readonly list_name?: string },
): Promise<ContactList> {
  if (typed === undefined) return managedContactList(app, caller, list);
  const name = trimBlanks(typed);
  const [first, ...others] = await contactListsTitled(app, space, name);
  if (first === undefined) return listNumbered(app, caller, space, name);
  if (others.length === 0) return first;
  const allowed = [first, ...others].map(({ id }) => String(id));
  throw invalidFields({ list_name: [{ code: 'not-one-of', allowed }] });
}

async function listNumbered(app: App, caller: Caller, space: Space, name: string): Promise<ContactList> {
  const list = await managedContactList(app, caller, name);
  if (list.spaceId !== space.id) throw contactListNotFound(name);
  return list;
}

interface Shown {
  /** The id of the last list on the page before. */
  readonly after: number | undefined;
  /** The name of the list to give, as it was typed. */
  readonly typed: string | undefined;
  readonly mistakes: readonly string[];
}

/** Returns the contact lists that an account reads. Each has a button to remove it, and a form adds another. */
export async function listsOfAccount(view: AccountView, shown: Shown): Promise<string> {
  const { app, caller, reader, found } = view;
  const { t, prefix } = reader;
  const { account } = found;
  const { rows: given, more } = await pageOrFirst(shown.after, (after) =>
    contactListsOfAfter(app, account, { after, limit: listsOnPage }),
  );
  const others = await contactListsToGive(app, found, maxChoices);
  if (given.length === 0 && others.rows.length === 0) return '';
  const rows = given.map((list) => row(reader, caller, app.spaces.getById(list.spaceId), list));
  const next = more ? `${prefix}/admin/accounts/${account.id}/contacts?lists=${given.at(-1)?.id}#lists` : undefined;
  return html`<section id="lists"><h2>${t('lists.ofAccount')}</h2>
!${rows.length === 0 ? html`<p>${t('lists.noneOfAccount')}</p>` : html`<ul class="rows">!${rows}</ul>`}
!${nextLink(reader, next)}
!${others.rows.length === 0 ? '' : giveForm(reader, others, shown)}</section>`;
}

function giveForm({ t }: Reader, others: PageOfRows<ContactList>, { typed = '', mistakes }: Shown): string {
  const options = others.rows.map(({ id, title }) => html`<option value="${id}">${title}</option>`);
  const choice = { name: 'list', attributes: '', options: options.join('') };
  const input = {
    name: 'list_name',
    hint: html`${t('lists.whichHint')}`,
    attributes: html`value="${typed}" required autocomplete="off"`,
  };
  return html`<form method="post">!${field({ ...(others.more ? input : choice), label: t('lists.which'), mistakes })}
<div class="buttons"><button class="button plain" name="action" value="give">${t('lists.give')}</button></div></form>`;
}

/** A list of another space has neither a link nor a button, because both would lead to a refusal. */
function row({ t, prefix }: Reader, caller: Caller, space: Space, list: ContactList): string {
  const { id, title } = list;
  const name = html`<bdi>${title}</bdi>`;
  const second = html`<span class="second">${shortDescription(list)}</span>`;
  if (!manages(caller, space.id)) return html`<li><div><b class="name">!${name}</b>!${second}</div></li>`;
  return html`<li><div><a class="name" href="${prefix}${listPath(space, list)}">!${name}</a>!${second}</div>
<form method="post"><input type="hidden" name="list" value="${id}"><button class="word soft" name="action" value="withdraw" aria-label="${t('lists.withdrawNamed', { name: title })}">${t('lists.reader.take')}</button></form></li>`;
}
