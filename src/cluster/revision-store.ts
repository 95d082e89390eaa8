import type { Db, Transaction } from '../storage/tables.ts';

/** `spaces` tells other processes to read spaces again; the others only make changes of one kind wait for each other. */
export type RevisionName = 'spaces' | 'administrators' | 'accounts' | 'auth-tokens';

/** Counts up. Until the transaction ends, whoever else does so waits. */
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
