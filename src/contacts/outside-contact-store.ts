import type { Selectable } from 'kysely';
import type { OutsideContactTable } from '../storage/contact-tables.ts';
import { locking } from '../storage/dialect.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import type { OutsideContact, OutsideContactFields } from './outside-contact.ts';

export async function listOutsideContacts(
  db: Db,
  spaceId: number,
  { limit, after = 0 }: { readonly limit: number; readonly after?: number },
): Promise<OutsideContact[]> {
  const rows = await db
    .selectFrom('outside_contacts')
    .selectAll()
    .where('space_id', '=', spaceId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(contactOf);
}

export async function countOutsideContacts(db: Db, spaceId: number): Promise<number> {
  const { count } = await db
    .selectFrom('outside_contacts')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('space_id', '=', spaceId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function findOutsideContact(db: Db, spaceId: number, id: number): Promise<OutsideContact | undefined> {
  const row = await db
    .selectFrom('outside_contacts')
    .selectAll()
    .where('space_id', '=', spaceId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && contactOf(row);
}

/** Returns the contact and locks it until the transaction ends. Returns undefined if it no longer exists. */
export async function lockOutsideContact(tx: Transaction, id: number): Promise<OutsideContact | undefined> {
  const query = tx.selectFrom('outside_contacts').selectAll().where('id', '=', id);
  const row = await locking(tx, query, 'update').executeTakeFirst();
  return row && contactOf(row);
}

export async function insertOutsideContact(
  tx: Transaction,
  spaceId: number,
  fields: OutsideContactFields,
  now: number,
): Promise<OutsideContact> {
  const row = await tx
    .insertInto('outside_contacts')
    .values({ ...columnsOf(fields), space_id: spaceId, created_at: now, updated_at: now })
    .returningAll()
    .executeTakeFirstOrThrow();
  return contactOf(row);
}

export async function updateOutsideContact(
  tx: Transaction,
  id: number,
  fields: OutsideContactFields,
  now: number,
): Promise<OutsideContact | undefined> {
  const row = await tx
    .updateTable('outside_contacts')
    .set({ ...columnsOf(fields), updated_at: now })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  return row && contactOf(row);
}

/** Deletes a contact. Returns it as it was last, or undefined if it no longer exists. */
export async function deleteOutsideContact(tx: Transaction, id: number): Promise<OutsideContact | undefined> {
  const row = await tx.deleteFrom('outside_contacts').where('id', '=', id).returningAll().executeTakeFirst();
  return row && contactOf(row);
}

function columnsOf({ name, sipUri, phone, organization }: OutsideContactFields) {
  return { name, sip_uri: sipUri, phone, organization };
}

function contactOf(row: Selectable<OutsideContactTable>): OutsideContact {
  return {
    id: row.id,
    spaceId: row.space_id,
    name: row.name,
    sipUri: row.sip_uri,
    phone: row.phone,
    organization: row.organization,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
