import { withoutInvisibles } from '../lib/clean-text.ts';

/** Returns the user name in a cell in lower case, as new accounts have it. */
export function plainUsername(cell: string): string {
  return spelledName(cell).toLowerCase();
}

/**
 * Returns the user name in a cell: for `a@b` only `a`, and for a spreadsheet's `201.0` 201. A guest of Entra (`#EXT#`)
 * has none.
 */
export function spelledName(cell: string): string {
  const text = withoutInvisibles(cell);
  if (/#ext#/i.test(text) || isAbsent(text)) return '';
  const [name = ''] = text.split('@');
  return /^\d+\.0$/.test(name) ? name.slice(0, -2) : name;
}

/** Returns whether the text is a placeholder that databases write for an absent value. */
export function isAbsent(text: string): boolean {
  return /^(?:null|\\n)$/i.test(text);
}
