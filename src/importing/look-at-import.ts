import { type Caller, manages } from '../access/caller.ts';
import { parseId } from '../lib/parse-id.ts';
import type { Space } from '../spaces/space.ts';
import {
  hasOnlyWritten,
  type Import,
  type ImportRow,
  importNotFound,
  isOfOtherSecret,
  isPartlyWritten,
  phoneCountryOf,
} from './import.ts';
import type { ImportContext } from './import-context.ts';
import { countComplaints, countDecisions, listRows, type RowFilter } from './import-row-store.ts';
import { findImport, listImports } from './import-store.ts';
import { countRows } from './row-counts.ts';

export async function getImport({ database }: Pick<ImportContext, 'database'>, id: string): Promise<Import> {
  const number = parseId(id);
  const found = number === undefined ? undefined : await findImport(database, number);
  if (found === undefined) throw importNotFound(id);
  return found;
}

/** Returns an import of a space that the caller manages. Otherwise throws as if it did not exist. */
export async function managedImport(
  context: Pick<ImportContext, 'database'>,
  caller: Caller,
  id: string,
): Promise<Import> {
  const found = await getImport(context, id);
  if (!manages(caller, found.spaceId)) throw importNotFound(id);
  return found;
}

/** Returns the import. If a part of it is written, only the other rows are counted. */
export async function withOpenRowsCounted(
  { database }: Pick<ImportContext, 'database'>,
  found: Import,
): Promise<Import> {
  if (!isPartlyWritten(found)) return found;
  const counts = await countDecisions(database, found.id, 'open');
  return { ...found, counts, rows: countRows(counts) };
}

const shown = 10;

export function latestImports({ database }: Pick<ImportContext, 'database'>, spaceId: number): Promise<Import[]> {
  return listImports(database, spaceId, shown);
}

/** Returns rows of an import, ordered by their positions in the file, without those that were discarded. */
export function rowsOfImport(
  { database, rowSeal }: Pick<ImportContext, 'database' | 'rowSeal'>,
  found: Import,
  filter: RowFilter,
): Promise<ImportRow[]> {
  return listRows(database, rowSeal, found.id, hasOnlyWritten(found) ? { ...filter, open: false } : filter);
}

/** Returns whether this process has the secret that the rows of the import were stored with. */
export async function canReadImport(
  context: Pick<ImportContext, 'database' | 'rowSeal'>,
  found: Import,
): Promise<boolean> {
  try {
    await rowsOfImport(context, found, { after: 0, limit: 1 });
    return true;
  } catch (error) {
    if (isOfOtherSecret(error)) return false;
    throw error;
  }
}

/** Returns how many rows were refused because the country of their phone number is unknown. */
export async function countNumbersWithoutCountry(
  { database }: Pick<ImportContext, 'database'>,
  found: Import,
  space: Pick<Space, 'phoneCountry'>,
): Promise<number> {
  if (found.counts.refused === 0 || phoneCountryOf(found, space) !== null) return 0;
  return countComplaints(database, found.id, 'not-a-phone-number');
}

/** Returns the first thousand mistakes of an import, in the order of its rows. */
export async function problemsOf(context: Pick<ImportContext, 'database' | 'rowSeal'>, found: Import) {
  const rows = await rowsOfImport(context, found, { decisions: ['refused'], after: 0, limit: maxProblems });
  return rows.flatMap(({ line, complaints }) => complaints.map((each) => ({ line, ...each }))).slice(0, maxProblems);
}

const maxProblems = 1_000;
