import { withoutEnds, withoutInvisibles } from '../lib/clean-text.ts';
import { withoutApostrophe } from '../lib/write-csv.ts';
import type { ColumnKind } from './column-names.ts';
import type { Columns } from './columns.ts';
import { isAbsent } from './username-cell.ts';

const hidden = /^[*•]+$/;

/** Returns the first cell of this kind that has a value. */
export function textOf(cells: readonly string[], { of }: Columns, kind: ColumnKind): string {
  for (const index of of.get(kind) ?? []) {
    const text = withoutEnds(withoutApostrophe(withoutEnds(cells[index] ?? '')));
    if (text !== '' && (!isAbsent(text) || isNameKind(kind))) return text;
  }
  return '';
}

/** Returns the user name exactly as it stands in the column that has it. */
export function spelledUsername(cells: readonly string[], { of }: Columns): string {
  const [index = -1] = of.get('username') ?? [];
  return withoutEnds(withoutApostrophe(withoutEnds(cells[index] ?? '')));
}

/** Returns the first cell of this kind without invisible characters in its middle: of addresses, numbers and words. */
export function wordOf(cells: readonly string[], columns: Columns, kind: ColumnKind): string {
  return withoutInvisibles(textOf(cells, columns, kind));
}

/** Returns a secret of the column that was chosen for the file. One that is masked is no value. */
export function secretOf(cells: readonly string[], { of }: Columns, kind: ColumnKind): string {
  const [index = -1] = of.get(kind) ?? [];
  const text = withoutEnds(cells[index] ?? '');
  return isAbsent(text) || hidden.test(text) ? '' : text;
}

/** Names are never absent values: there are people whose name is Null. */
function isNameKind(kind: ColumnKind): boolean {
  return kind === 'name' || kind === 'first_name' || kind === 'last_name';
}
