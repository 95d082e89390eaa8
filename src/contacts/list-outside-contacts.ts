import { type PageAfter, type PageOfRows, pageOfRows } from '../lib/page-of-rows.ts';
import type { Space } from '../spaces/space.ts';
import type { Db } from '../storage/tables.ts';
import type { OutsideContact } from './outside-contact.ts';
import { listOutsideContacts } from './outside-contact-store.ts';

/** Returns a page of the outside contacts of a space. */
export async function outsideContactsAfter(
  { database }: { readonly database: Db },
  { id }: Space,
  { after = 0, limit }: PageAfter,
): Promise<PageOfRows<OutsideContact>> {
  return pageOfRows(await listOutsideContacts(database, id, { limit: limit + 1, after }), limit);
}
