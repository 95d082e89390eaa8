import type { Space } from '../spaces/space.ts';
import type { Db } from '../storage/tables.ts';
import type { OutsideContact } from './outside-contact.ts';
import { listOutsideContacts } from './outside-contact-store.ts';

/** Returns up to `limit` outside contacts of the space after the one with this id, and whether more follow. */
export async function outsideContactsAfter(
  { database }: { readonly database: Db },
  { id }: Space,
  { limit, after }: { readonly limit: number; readonly after: number },
): Promise<{ contacts: OutsideContact[]; more: boolean }> {
  const found = await listOutsideContacts(database, id, { limit: limit + 1, after });
  return { contacts: found.slice(0, limit), more: found.length > limit };
}
