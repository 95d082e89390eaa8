import { withoutEnds } from '../lib/clean-text.ts';
import { headerName, knownNames } from './header-cell.ts';

const example = /^(?:example:|(?:exemple|beispiel|ejemplo)(?=[\s:]|$))/i;
const total = /^(?:total|totals|totaux|summe|gesamt|suma|count|anzahl|nombre|sum)\b[\s:]*$/i;
const numberOrEmpty = /^[\d\s.,'%-]*$/;

/** Returns whether a row is not data: a comment, a version, an example, a total, or nothing. */
export function isLeftOut(cells: readonly string[], header: readonly string[]): boolean {
  const [first = '', ...rest] = cells.map(withoutEnds);
  return (
    [first, ...rest].every((cell) => cell === '') ||
    first.startsWith('#') ||
    /^version:v/i.test(first) ||
    [first, ...rest].some((cell) => example.test(cell)) ||
    (total.test(first) && rest.every((cell) => numberOrEmpty.test(cell))) ||
    isHeaderAgain(cells, header)
  );
}

/** Returns whether the row is the header again. Tables that were pasted together repeat it. */
function isHeaderAgain(cells: readonly string[], header: readonly string[]): boolean {
  return (
    cells.length === header.length && cells.every((cell, index) => headerName(cell) === headerName(header[index] ?? ''))
  );
}

/**
 * Returns whether a line comes before the header. A comment with two known names is the header itself:
 * `#username,name`.
 */
export function isBeforeHeader(cells: readonly string[]): boolean {
  const first = withoutEnds(cells[0] ?? '');
  if (cells.every((cell) => withoutEnds(cell) === '')) return true;
  if (/^sep=.?$/i.test(first) || /^version:v/i.test(first) || /^#TYPE\b/i.test(first)) return true;
  return first.startsWith('#') && knownNames(cells) < 2;
}
