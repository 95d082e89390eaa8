import type { Selectable } from 'kysely';
import { AppError } from '../errors.ts';
import { locking } from '../storage/dialect.ts';
import type { SpaceTable } from '../storage/space-tables.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import { settingEntries, settingsWith } from './setting-values.ts';
import { type Space, type SpaceSettings, spaceWith } from './space.ts';

export async function listSpaces(db: Db): Promise<Space[]> {
  return (await db.selectFrom('spaces').selectAll().orderBy('id').execute()).map(spaceOf);
}

export async function findSpaceByDomain(db: Db, domain: string): Promise<Space | undefined> {
  const row = await db.selectFrom('spaces').selectAll().where('domain', '=', domain).executeTakeFirst();
  return row === undefined ? undefined : spaceOf(row);
}

/**
 * Returns the current space and locks its row until the transaction ends. Several transactions may have a `share` lock,
 * which only prevents changes of the space. To avoid deadlocks, lock the space before an account.
 */
export async function lockSpace(tx: Transaction, id: number, mode: 'share' | 'update' = 'share'): Promise<Space> {
  const query = tx.selectFrom('spaces').selectAll().where('id', '=', id);
  const row = await locking(tx, query, mode).executeTakeFirst();
  if (row === undefined) throw new AppError('not-found', { what: 'space-of-account' });
  return spaceOf(row);
}

export async function insertSpace(tx: Transaction, settings: SpaceSettings, now: number): Promise<Space> {
  const row = await tx
    .insertInto('spaces')
    .values({ ...rowOf(settings), created_at: now, updated_at: now })
    .returningAll()
    .executeTakeFirstOrThrow();
  return spaceOf(row);
}

export async function updateSpaceRow(
  tx: Transaction,
  id: number,
  settings: SpaceSettings,
  now: number,
): Promise<Space> {
  const row = await tx
    .updateTable('spaces')
    .set({ ...rowOf(settings), updated_at: now })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return spaceOf(row);
}

export async function deleteSpaceRow(tx: Transaction, id: number): Promise<void> {
  await tx.deleteFrom('spaces').where('id', '=', id).execute();
}

type Column = string | number | null;

function spaceOf(row: Selectable<SpaceTable>): Space {
  const columns = new Map<string, unknown>(Object.entries(row));
  const { domain } = row;
  const settings = settingsWith(domain, ({ name, setting }) =>
    readColumn(columns.get(name), setting.defaultOf(domain)),
  );
  return spaceWith(settings, { id: row.id, createdAt: row.created_at, updatedAt: row.updated_at });
}

function rowOf(settings: SpaceSettings) {
  const columns = settingEntries.map(({ name, property }) => [name, columnOf(settings[property])] as const);
  const row = { domain: settings.domain, ...Object.fromEntries(columns) };
  // The type of the row has only the columns in `SpaceTable`.
  return row as typeof row & Pick<SpaceTable, 'super'>;
}

/** Returns the value for a column. Booleans are stored as 0 or 1, lists as JSON, and everything else unchanged. */
function columnOf(value: SpaceSettings[keyof SpaceSettings]): Column {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

/** Reverses `columnOf`. `example` is another value of the same setting. */
function readColumn(column: unknown, example: unknown): unknown {
  if (typeof example === 'boolean') return column === 1;
  return Array.isArray(example) ? JSON.parse(String(column)) : column;
}
