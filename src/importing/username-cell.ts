import { withoutInvisibles } from '../lib/clean-text.ts';

/** Returns the user name in a cell in lower case, as a new account has it. */
export function plainUsername(cell: string): string {
  return spelledName(cell).toLowerCase();
}

/** Returns the user name in a cell: of `a@b` only `a`. A guest of Entra (`#EXT#`) has none, and a spreadsheet's `201.0` is 201. */
export function spelledName(cell: string): string {
  const text = withoutInvisibles(cell);
  if (/#ext#/i.test(text) || isAbsent(text)) return '';
  const [name = ''] = text.split('@');
  return /^\d+\.0$/.test(name) ? name.slice(0, -2) : name;
}

/** Databases write what is absent so. */
export function isAbsent(text: string): boolean {
  return /^(?:null|\\n)$/i.test(text);
}
