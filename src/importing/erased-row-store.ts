import type { Db } from '../storage/tables.ts';

/** Returns the ids of imports that are marked as erased and still have rows. */
export async function listHalfErased(db: Db): Promise<number[]> {
  const rows = await db
    .selectFrom('imports')
    .select('id')
    .where('erased_at', 'is not', null)
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('import_rows').whereRef('import_id', '=', 'imports.id').select('position')),
    )
    .execute();
  return rows.map(({ id }) => id);
}

/** Deletes the first rows of an import, at most `limit` of them. Returns whether there may be more. */
export async function deleteFirstRows(db: Db, importId: number, limit: number): Promise<boolean> {
  const rows = await db
    .selectFrom('import_rows')
    .select('position')
    .where('import_id', '=', importId)
    .orderBy('position')
    .limit(limit)
    .execute();
  const last = rows.at(-1)?.position;
  if (last === undefined) return false;
  await db.deleteFrom('import_rows').where('import_id', '=', importId).where('position', '<=', last).execute();
  return rows.length === limit;
}
