import { html } from 'ghtml';
import { type Static, Type } from 'typebox';
import type { ContactList } from '../../contacts/contact-list.ts';
import type { Mistakes } from '../../locale/failure-text.ts';
import type { Space } from '../../spaces/space.ts';
import type { Reader } from '../reader.ts';
import { field, mistakeList } from './field.ts';
import { spacePath } from './space-pages.ts';

/** How many lists a page shows. They share it with 50 contacts, and a page has at most 60 kB. */
export const listsOnPage = 20;

const text = Type.Optional(Type.String({ maxLength: 2000 }));

/** The fields of the form for a contact list. */
export const contactListForm = Type.Object({ title: text, description: text });
type Form = Static<typeof contactListForm>;

const fields = [
  { name: 'title', label: 'lists.name', attributes: 'autocomplete="off" required maxlength="120"' },
  { name: 'description', label: 'lists.description', attributes: 'rows="3" maxlength="1000"' },
] as const;

export function listPath(space: Space, { id }: Pick<ContactList, 'id'>, page: '' | '/delete' = ''): string {
  return spacePath(space, `/contacts/lists/${id}${page}`);
}

export function contactListFields({ t }: Reader, values: Form, mistakes: Mistakes | undefined): string {
  const rows = fields.map(({ name, label, attributes }) => {
    const of = { name, label: t(label), mistakes: mistakes?.[name] ?? [] };
    const value = values[name] ?? '';
    return name === 'description'
      ? field({ ...of, attributes, lines: value })
      : field({ ...of, attributes: `${attributes}${html` value="${value}"`}` });
  });
  return rows.join('\n');
}

export function contactListMistakes(reader: Reader, mistakes: Mistakes | undefined): string {
  const list = fields.flatMap(({ name, label }) =>
    (mistakes?.[name] ?? []).map((sentence) => ({ label: reader.t(label), sentence, field: name })),
  );
  return list.length === 0 ? '' : mistakeList(reader, list);
}

const maxDescription = 100;

/** Returns the beginning of the description for the second line of a row. The list's own page shows all of it. */
export function shortDescription({ description }: ContactList): string {
  const characters = [...description];
  return characters.length > maxDescription ? `${characters.slice(0, maxDescription).join('')}…` : description;
}

interface Counted {
  readonly list: ContactList;
  readonly members: number;
  readonly readers: number;
}

export function contactListTable({ t, prefix }: Reader, space: Space, lists: readonly Counted[]): string {
  if (lists.length === 0) return html`<p>${t('lists.empty')}</p>`;
  const rows = lists.map(
    ({ list, members, readers }) =>
      html`<tr data-id="${list.id}"><td><a class="name" href="${prefix}${listPath(space, list)}"><bdi>${list.title}</bdi></a><span class="second">${shortDescription(list)}</span></td><td class="figures">${members}</td><td class="figures">${readers}</td></tr>`,
  );
  return html`<table class="lists"><thead><tr><th scope="col">${t('lists.name')}</th><th scope="col" class="figures">${t('lists.members')}</th><th scope="col" class="figures">${t('lists.readers')}</th></tr></thead><tbody>!${rows}</tbody></table>`;
}
