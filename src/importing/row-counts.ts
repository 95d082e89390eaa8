import type { DecisionKind } from './import.ts';

/** How many rows there are of each kind. */
export type RowCounts = Readonly<Record<DecisionKind, number>>;

export function countRows(counts: RowCounts): number {
  return Object.values(counts).reduce((sum, each) => sum + each, 0);
}

/** Returns the columns that count rows, all and by what happens to them. */
export function countColumns(counts: RowCounts) {
  const { create, update, unchanged, skipped, refused } = counts;
  return { rows: countRows(counts), to_create: create, to_update: update, unchanged, skipped, refused };
}
