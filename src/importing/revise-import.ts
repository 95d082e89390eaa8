import { askAboutImport } from '../access/password-question.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import type { Seal } from '../lib/seal-text.ts';
import { inSmallSteps } from '../lib/small-steps.ts';
import { requireMailServer } from '../mail/invite.ts';
import { inTransaction } from '../storage/database.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import { columnsOf, hasSameNames } from './columns.ts';
import { deleteFirstRows, listHalfErased } from './erased-row-store.ts';
import type { Import, ImportOptions, ImportState } from './import.ts';
import type { ImportContext } from './import-context.ts';
import { listHalfDiscarded, markErased, updateIdleImport } from './import-lease-store.ts';
import { deleteRowAt, insertRows, listRows, replaceCells } from './import-row-store.ts';
import { findImport, updateHeader } from './import-store.ts';
import { wishColumns } from './import-wish.ts';
import { deleteDiscarded, keepWritten } from './keep-written.ts';

export interface Revision {
  /** New cells for the rows that begin on these lines. */
  readonly mended: ReadonlyMap<number, readonly string[]>;
  /** The lines of rows to leave out. */
  readonly leftOut: readonly number[];
  readonly options: Partial<Omit<ImportOptions, 'dryRun' | 'partial'>>;
  /** Whether the rows without mistakes are written after the check. Otherwise, none is. */
  readonly writes: boolean;
  /** Whether the first line, which has no known column name, is a row. */
  readonly firstIsRow?: boolean;
}

const unwritten: readonly ImportState[] = ['checked', 'refused'];

/**
 * Changes rows and options of an import that no worker has. The import is then checked again and, if the revision says
 * so, written. Rows that are already written stay as they are. Events of the remaining rows name `actor`. Throws
 * `conflict` if no row is left that can be changed, `import-refused` if no table may have such columns, and
 * `no-mail-server` if new accounts should receive a mail but none can be sent.
 */
export async function reviseImport(
  context: ImportContext,
  actor: Actor,
  found: Import,
  revision: Revision,
): Promise<void> {
  const { database, rowSeal, now, spaces } = context;
  const { id } = found;
  const { writes } = revision;
  const options = { ...found.options, ...revision.options, dryRun: !writes, partial: writes };
  askAboutImport({ actor, at: now() }, options);
  if (writes && options.invite) requireMailServer(context, spaces.getById(found.spaceId));
  // Throws if these rows cannot be decrypted.
  await listRows(database, rowSeal, id, { open: true, after: 0, limit: 1 });
  await requireColumns({ database, rowSeal }, { ...found, options }, revision);
  await inTransaction(database, async (tx) => {
    const changed = {
      state: 'checking',
      ended_at: null,
      failure: null,
      ...wishColumns({ actor, options }),
    } as const;
    if (!(await updateIdleImport(tx, id, { states: unwritten, orMendable: true, now: now() }, changed)))
      throw await unchangeable(tx, id);
    for (const [line, cells] of revision.mended) await replaceCells(tx, rowSeal, id, { line, cells });
    if (revision.firstIsRow === true) await addFirstLine(tx, rowSeal, found);
    for (const line of revision.leftOut) await deleteRowAt(tx, id, line);
  });
}

/**
 * Throws `import-refused` if columns with the same name would all have values. The check would find that too, but only
 * after the revision is stored.
 */
async function requireColumns(
  context: Pick<ImportContext, 'database' | 'rowSeal'>,
  found: Import,
  { mended, leftOut, firstIsRow = false }: Revision,
): Promise<void> {
  const { header, format, options } = found;
  const losesNames = firstIsRow && format.unknownLine !== undefined;
  if (losesNames || !hasSameNames(header)) return;
  const { surveyRows } = await import('./check-import.ts');
  const survey = await surveyRows(context, found, ({ line, cells }) =>
    leftOut.includes(line) ? undefined : (mended.get(line) ?? cells),
  );
  columnsOf(header, survey, options.columns);
}

/** Turns the header into the first row, and leaves the columns without names. */
async function addFirstLine(tx: Transaction, rowSeal: Seal, { id, header, format }: Import): Promise<void> {
  const { unknownLine: line, kinds: _, ...written } = format;
  if (line === undefined) return;
  await insertRows(tx, rowSeal, id, { first: 1, rows: [{ line, cells: header }] });
  await updateHeader(tx, id, { header: header.map(() => ''), format: written });
}

/**
 * Ends an import that no worker has and that is not done. If a part of it is written, only its other rows are
 * discarded: nobody can read, correct or write them any more. Otherwise, its rows are deleted later, by `eraseImports`.
 */
export async function discardImport(context: ImportContext, { id }: Import): Promise<void> {
  const { database, now } = context;
  const at = now();
  const ended = { state: 'discarded', ended_at: at, failure: null } as const;
  const states = [...unwritten, 'checking', 'running'] as const;
  const isKept = await inTransaction(database, async (tx) => {
    if (!(await updateIdleImport(tx, id, { states, now: at }, ended))) throw await unchangeable(tx, id);
    return keepWritten(tx, id, null);
  });
  if (isKept) await deleteDiscarded(context, id);
}

async function unchangeable(db: Db, id: number): Promise<AppError> {
  const { state, erasedAt = null } = (await findImport(db, id)) ?? {};
  if (erasedAt !== null) return new AppError('conflict', { why: 'import-erased' });
  return new AppError('conflict', { why: state === 'done' ? 'import-written' : 'import-busy' });
}

const keptMs = 86_400_000;

/**
 * Deletes the rows of imports after a day, because they contain names and secrets. An import that is not done ends
 * then. Discarded rows that are left over are deleted at once. If `signal` ends the work early, the next call goes on.
 */
export async function eraseImports(
  context: Pick<ImportContext, 'database' | 'now'>,
  signal?: AbortSignal,
): Promise<void> {
  const { database, now } = context;
  const at = now();
  await inTransaction(database, async (tx) => {
    for (const id of await markErased(tx, at - keptMs, at)) await keepWritten(tx, id, at);
  });
  for (const id of await listHalfDiscarded(database)) await deleteDiscarded(context, id, signal);
  for (const id of await listHalfErased(database)) {
    await inSmallSteps((limit) => deleteFirstRows(database, id, limit), signal);
  }
}
