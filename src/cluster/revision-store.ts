import type { Db, Transaction } from '../storage/tables.ts';

/**
 * A change of `spaces` makes other processes load the spaces again. The other names only serialize changes of one kind.
 */
export type RevisionName = 'spaces' | 'administrators' | 'accounts';

/** Increments the revision. Other transactions that increment it wait until this one ends. */
export async function bumpRevision(tx: Transaction, name: RevisionName): Promise<void> {
  await tx
    .updateTable('revisions')
    .set((row) => ({ value: row('value', '+', 1) }))
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
}

export async function readRevision(db: Db, name: RevisionName): Promise<number> {
  const row = await db.selectFrom('revisions').select('value').where('name', '=', name).executeTakeFirstOrThrow();
  return row.value;
}
