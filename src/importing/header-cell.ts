import { folded } from '../lib/clean-text.ts';
import { kindOfName } from './column-names.ts';

/**
 * Returns the name in a cell of the first line as the table of names has it: without case, accents, spaces and signs.
 * A name that programs use counts if it stands in brackets: `User name [userPrincipalName] Required`.
 */
export function headerName(cell: string): string {
  const inBrackets = plain(/\[([^\]]*)\]/.exec(cell)?.[1] ?? '');
  if (kindOfName(inBrackets) !== undefined) return inBrackets;
  return plain(cell.replace(/\[[^\]]*\]/g, ' ').replace(/\brequired\b/gi, ' '));
}

/** How many cells have a name that an import knows. */
export function knownNames(cells: readonly string[]): number {
  return cells.filter((cell) => kindOfName(headerName(cell)) !== undefined).length;
}

function plain(text: string): string {
  return folded(text).replace(/[^\p{L}\p{N}]/gu, '');
}
