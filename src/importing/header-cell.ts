import { folded } from '../lib/clean-text.ts';
import { kindOfName } from './column-names.ts';

/**
 * Returns the column name in a header cell, folded like our list of names: without case, accents, spaces and signs. If
 * there is a name for programs in brackets, returns that: `User name [userPrincipalName] Required`.
 */
export function headerName(cell: string): string {
  const inBrackets = plain(/\[([^[\]]*)\]/.exec(cell)?.[1] ?? '');
  if (kindOfName(inBrackets) !== undefined) return inBrackets;
  return plain(cell.replace(/\[[^[\]]*\]/g, ' ').replace(/\brequired\b/gi, ' '));
}

/** Returns how many cells contain a known column name. */
export function knownNames(cells: readonly string[]): number {
  return cells.filter((cell) => kindOfName(headerName(cell)) !== undefined).length;
}

function plain(text: string): string {
  return folded(text).replace(/[^\p{L}\p{N}]/gu, '');
}
