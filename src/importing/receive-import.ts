import { setImmediate as nextTurn } from 'node:timers/promises';
import { askAboutImport } from '../access/password-question.ts';
import { withoutControls } from '../errors/quote-text.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import { requireMailServer } from '../mail/invite.ts';
import type { Space } from '../spaces/space.ts';
import { columnsOf } from './columns.ts';
import type { ImportOptions } from './import.ts';
import { type ImportContext, leaseMs } from './import-context.ts';
import { updateOwnImport } from './import-lease-store.ts';
import { insertRows } from './import-row-store.ts';
import { insertImport } from './import-store.ts';
import { openTable, openText, type Table } from './open-table.ts';
import { Surveyor } from './survey-table.ts';

export const maxImportMegabytes = 20;
export const maxImportBytes = maxImportMegabytes * 1024 * 1024;
export const maxImportRows = 100_000;
const maxNameLength = 200;
/** Position 1 is left for the first line, which may turn out to be a row. */
const firstPosition = 2;

export interface NewImportFile {
  /** A file, or pasted text. */
  readonly content: Uint8Array | string;
  readonly name: string;
  readonly options: ImportOptions;
  /** Whether to accept unknown column names, because a person will say what they mean. */
  readonly anyHeader?: boolean;
}

/**
 * Stores the rows of a file, so that another process can check and write them if this one ends. Returns the id of the
 * import, which this worker then has. Throws `import-refused` if the file is not a table of accounts, and
 * `no-mail-server` if new accounts should receive a mail but none can be sent.
 */
export async function receiveImport(
  context: ImportContext,
  actor: Actor,
  space: Space,
  { worker, content, name, options, anyHeader = false }: NewImportFile & { readonly worker: string },
): Promise<number> {
  askAboutImport({ actor, at: context.now() }, options);
  if (content.length > maxImportBytes) throw new AppError('too-large', { what: 'file', max: maxImportMegabytes });
  if (options.invite) requireMailServer(context, space);
  const table =
    typeof content === 'string' ? openText(content, 'utf-8', { anyHeader }) : openTable(content, { anyHeader });
  await requireRows(table);
  const { database, now } = context;
  const { header, line, isKnown } = table;
  const format = isKnown ? table.format : { ...table.format, unknownLine: line };
  const given = { spaceId: space.id, name: shownName(name), actor, options, format, header };
  const id = await insertImport(database, given, now(), { worker, until: now() + leaseMs });
  let count = 0;
  for (const rows of table.pages()) {
    await insertRows(database, context.rowSeal, id, { first: count + firstPosition, rows });
    await updateOwnImport(database, id, worker, { lease_until: now() + leaseMs });
    count += rows.length;
    await nextTurn();
  }
  await updateOwnImport(database, id, worker, { received: 1, rows: count });
  return id;
}

/** Shortens the file name, because the browser sends it and it may be anything. */
function shownName(name: string): string {
  return withoutControls(name.slice(0, maxNameLength).toWellFormed().replaceAll('\n', ' '));
}

/**
 * Reads the whole file once before anything is stored, so that a file with too many rows, or with a mistake at its end,
 * leaves nothing behind.
 */
async function requireRows(table: Table): Promise<void> {
  const surveyor = new Surveyor(table.header);
  let count = 0;
  for (const rows of table.pages()) {
    for (const { cells } of rows) surveyor.add(cells);
    count += rows.length;
    if (count > maxImportRows) throw new AppError('too-large', { what: 'rows', max: maxImportRows });
    await nextTurn();
  }
  if (count === 0) throw new AppError('import-refused', { why: 'no-rows' });
  columnsOf(table.header, surveyor.survey);
}
