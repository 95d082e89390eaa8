import { setImmediate as nextTurn } from 'node:timers/promises';
import { countAccounts } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import { inTransaction } from '../storage/database.ts';
import { checkRow } from './check-row.ts';
import { columnsOf } from './columns.ts';
import { type Decision, decideRows, noNames } from './decide-rows.ts';
import { type Import, type ImportRow, phoneCountryOf } from './import.ts';
import { batchRows, type ImportContext, leaseMs } from './import-context.ts';
import { noLease, updateOwnImport } from './import-lease-store.ts';
import { countDecisions, listRows, saveRows } from './import-row-store.ts';
import { pagesOf } from './pages.ts';
import { readRow } from './read-row.ts';
import { countColumns } from './row-counts.ts';
import { type Survey, Surveyor } from './survey-table.ts';

/**
 * Checks all rows of an import and decides what happens to each. May be called again after rows were corrected. Returns
 * false if it was stopped, which it notices after each page of rows, or if another worker has taken over the import.
 */
export async function checkImport(
  context: ImportContext,
  found: Import,
  worker: string,
  isStopping: () => boolean,
): Promise<boolean> {
  const { database } = context;
  const own = context.spaces.getById(found.spaceId);
  const space = { ...own, phoneCountry: phoneCountryOf(found, own) };
  const survey = await surveyRows(context, found);
  const columns = columnsOf(found.header, survey, found.options.columns);
  const room =
    space.maxAccounts === 0 ? Number.POSITIVE_INFINITY : space.maxAccounts - (await countAccounts(database, space.id));
  const decide = { space, actor: found.actor, options: found.options, seen: noNames(room, survey.usernames) };
  let ready = 0;
  for await (const rows of openPagesOf(context, found)) {
    if (isStopping()) return false;
    const checked = [];
    for (const { line, cells } of rows) {
      checked.push({ line, ...(await checkRow(readRow(cells, { columns, survey, space }), space)) });
    }
    const decisions = await decideRows(database, decide, checked);
    const saved = rows.map((row, index) => decided(row, decisions[index]));
    if (!(await saveOwnRows(context, found.id, worker, saved))) return false;
    ready += saved.filter(({ decision }) => decision !== 'refused').length;
  }
  const counts = await countDecisions(database, found.id);
  const state = stateAfter(found, { refused: counts.refused, ready });
  return updateOwnImport(database, found.id, worker, {
    state,
    ...countColumns(counts),
    ignored: JSON.stringify(columns.ignored),
    format: JSON.stringify({ ...found.format, kinds: columns.kinds.map((kind) => kind ?? null) }),
    ...(state === 'running' ? {} : noLease),
    ...(state === 'refused' || state === 'done' ? { ended_at: context.now() } : {}),
  });
}

/** `ready` is how many rows can be written. An import that was written before is done when there are none. */
function stateAfter(
  { options, written }: Import,
  { refused, ready }: { readonly refused: number; readonly ready: number },
) {
  if (options.dryRun) return written > 0 && ready === 0 ? 'done' : 'checked';
  return refused > 0 && !options.partial ? 'refused' : 'running';
}

/** Returns facts about all unwritten rows together. `cellsOf` returns undefined for a row to leave out. */
export async function surveyRows(
  context: Pick<ImportContext, 'database' | 'rowSeal'>,
  found: Import,
  cellsOf: (row: ImportRow) => readonly string[] | undefined = ({ cells }) => cells,
): Promise<Survey> {
  const surveyor = new Surveyor(found.header, found.options.columns);
  for await (const rows of openPagesOf(context, found)) {
    for (const cells of rows.map(cellsOf)) if (cells !== undefined) surveyor.add(cells);
  }
  return surveyor.survey;
}

async function* openPagesOf(
  { database, rowSeal }: Pick<ImportContext, 'database' | 'rowSeal'>,
  { id }: Import,
): AsyncGenerator<ImportRow[]> {
  let after = 0;
  for (;;) {
    const rows = await listRows(database, rowSeal, id, { open: true, after, limit: batchRows * 2 });
    const last = rows.at(-1);
    if (last === undefined) return;
    if (rows.some(({ cells }) => cells.length === 0))
      throw new AppError('not-found', { what: 'import-job', name: String(id) });
    for (const page of pagesOf(rows)) {
      yield page;
      // SQLite answers synchronously, so other requests would have to wait for all batches.
      await nextTurn();
    }
    after = last.position;
  }
}

/**
 * Stores checked rows and extends the lease. Returns false if the worker has lost the import: its rows may be erased,
 * and would come back.
 */
function saveOwnRows(
  { database, rowSeal, now }: ImportContext,
  id: number,
  worker: string,
  rows: readonly ImportRow[],
): Promise<boolean> {
  return inTransaction(database, async (tx) => {
    if (!(await updateOwnImport(tx, id, worker, { lease_until: now() + leaseMs }))) return false;
    await saveRows(tx, rowSeal, id, rows);
    return true;
  });
}

function decided(row: ImportRow, decision: Decision | undefined): ImportRow {
  if (decision === undefined) return row;
  const { kind, fields, complaints, changes, account } = decision;
  const named = { ...fields, username: fields.username ?? account?.username };
  return { ...row, decision: kind, fields: named, complaints, changes, accountId: account?.id ?? null };
}
