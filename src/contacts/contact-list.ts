import { type Static, Type } from 'typebox';
import { type AccountInSpace, addressOf } from '../accounts/account.ts';
import { aboutValue } from '../errors/complaints.ts';
import { AppError, invalidFields } from '../errors.ts';
import { checkCharacters } from '../lib/forbidden-characters.ts';

/** A list of accounts. Its members are contacts of each account that reads it. Times are in epoch milliseconds. */
export interface ContactList {
  readonly id: number;
  readonly spaceId: number;
  readonly title: string;
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The members of a list, or the accounts that read it. */
export type ListSide = 'member' | 'reader';

const title = Type.String({ minLength: 1, maxLength: 120 });
const description = Type.Optional(Type.String({ maxLength: 1000 }));

export const newContactListShape = Type.Object(
  {
    title,
    description,
    domain: Type.Optional(
      Type.String({ maxLength: 253, description: "The space that the list belongs to; by default the caller's." }),
    ),
  },
  { additionalProperties: false, title: 'NewContactList' },
);
export const contactListChangesShape = Type.Object(
  { title: Type.Optional(title), description },
  { additionalProperties: false, title: 'ContactListChanges' },
);
export type ContactListChanges = Static<typeof contactListChangesShape>;

/** Checks the rules that the schema cannot express. */
export function checkContactList({ title, description = '' }: ContactListChanges): void {
  const mistakes = {
    title: title === undefined ? undefined : aboutValue(title, checkCharacters(title)),
    description: checkCharacters(description.replace(/[\t\r\n]/g, ' ')),
  };
  const wrong = Object.entries(mistakes).flatMap(([name, complaint]) =>
    complaint === undefined ? [] : [[name, [complaint]]],
  );
  if (wrong.length > 0) throw invalidFields(Object.fromEntries(wrong));
}

/** Returns the error for a list that does not exist. `name` is the id that was requested. */
export function contactListNotFound(name: string): AppError {
  return new AppError('not-found', { what: 'contact-list', name });
}

/** Returns the error for an account that is not on this side of a list. */
export function accountNotOnList({ title }: ContactList, side: ListSide, found: AccountInSpace): AppError {
  return new AppError('not-found', { what: 'account-on-list', account: addressOf(found), list: title, side });
}
