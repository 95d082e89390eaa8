import { Type } from 'typebox';
import type { ContactList } from '../contacts/contact-list.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import { accountAnswer } from './account.ts';
import { isoDate } from './iso-date.ts';

const fields = {
  id: Type.Integer(),
  title: Type.String(),
  description: Type.String(),
  domain: Type.String({ description: 'Of the space that the list belongs to.' }),
  created_at: Type.String({ format: 'date-time' }),
  updated_at: Type.String({ format: 'date-time' }),
};

export const contactListAnswer = Type.Object(fields, { title: 'ContactList' });
export const wholeContactListAnswer = Type.Object(
  { ...fields, contacts: Type.Array(accountAnswer) },
  { title: 'WholeContactList' },
);

export function contactListJson(list: ContactList, spaces: SpaceDirectory) {
  return {
    id: list.id,
    title: list.title,
    description: list.description,
    domain: spaces.getById(list.spaceId).domain,
    created_at: isoDate(list.createdAt),
    updated_at: isoDate(list.updatedAt),
  };
}
