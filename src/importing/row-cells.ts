import { joinedLines, withoutEnds, withoutInvisibles } from '../lib/clean-text.ts';
import { withoutApostrophe } from '../lib/write-csv.ts';
import type { ColumnKind } from './column-names.ts';
import type { Columns } from './columns.ts';
import { isAbsent } from './username-cell.ts';

const hidden = /^[*•]+$/;

/** Returns the first non-empty cell of this kind, as one line. */
export function textOf(cells: readonly string[], { of }: Columns, kind: ColumnKind): string {
  for (const index of of.get(kind) ?? []) {
    const text = joinedLines(withoutApostrophe(withoutEnds(cells[index] ?? '')));
    if (text !== '' && (!isAbsent(text) || isNameKind(kind))) return text;
  }
  return '';
}

/** Returns the user name exactly as it is in the file, apart from line breaks. */
export function spelledUsername(cells: readonly string[], { of }: Columns): string {
  const [index = -1] = of.get('username') ?? [];
  return joinedLines(withoutApostrophe(withoutEnds(cells[index] ?? '')));
}

/** Returns the first cell of this kind without invisible characters inside it. For addresses, numbers and words. */
export function wordOf(cells: readonly string[], columns: Columns, kind: ColumnKind): string {
  return withoutInvisibles(textOf(cells, columns, kind));
}

/** Returns a secret from the best column of this kind. A masked secret counts as empty. */
export function secretOf(cells: readonly string[], { of }: Columns, kind: ColumnKind): string {
  const [index = -1] = of.get(kind) ?? [];
  const text = withoutEnds(cells[index] ?? '');
  return isAbsent(text) || hidden.test(text) ? '' : text;
}

/** Names such as Null are never placeholders for an empty value, because there are people with that name. */
function isNameKind(kind: ColumnKind): boolean {
  return kind === 'name' || kind === 'first_name' || kind === 'last_name';
}
