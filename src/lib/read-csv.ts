/** A row of a table, with the line on which it begins, because quoted cells may contain line breaks. */
export interface CsvRow {
  /** Counted from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export type Separator = ',' | ';' | '\t' | '|';

export const separators: readonly Separator[] = [',', ';', '\t', '|'];

/** A row with more cells or a longer one is not from a table, and reading all of it could exhaust the memory. */
export const maxCells = 200;
const maxRowLength = 1_000_000;

/**
 * The cells of a row, and why they cannot be used, if so: the file ends within quotation marks, or the row is too
 * large.
 */
interface ReadRow extends CsvRow {
  readonly isOpen: boolean;
  readonly isTooLarge: boolean;
}

/**
 * Yields the rows of a text. Lines end in CR-LF, LF or CR; empty lines are skipped. A quotation mark counts only at the
 * beginning of a cell, because people also write `5" screen`. `isOpen` is set on a row whose quotation mark is never
 * closed. Stops after a row that is too large.
 */
export function* readCsv(text: string, separator: Separator): Generator<ReadRow, void> {
  const cell = cellPattern(separator);
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const start = skipEmptyLines(text, at);
    line += countLines(text.slice(at, start));
    at = start;
    if (at === text.length) return;
    const row = readRow(text, at, cell);
    const { end: _, ...found } = row;
    if (row.cells.length > 1 || row.cells[0] !== '' || row.isOpen || row.isTooLarge) yield { line, ...found };
    if (row.isTooLarge) return;
    line += countLines(text.slice(at, row.end));
    at = row.end;
  }
}

/** Empty lines, of which there may be hundreds of thousands. */
const emptyLines = /[\r\n]+/y;
const lineEnd = /\r\n?|\n/g;

/** Returns where the empty lines end that begin here. */
function skipEmptyLines(text: string, start: number): number {
  emptyLines.lastIndex = start;
  return emptyLines.test(text) ? emptyLines.lastIndex : start;
}

function countLines(text: string): number {
  return text.match(lineEnd)?.length ?? 0;
}

/** A plain cell, then what ends it. */
function cellPattern(separator: Separator): RegExp {
  return new RegExp(`([^\\r\\n${separator === '\t' ? '\\t' : separator}]*)(\\r\\n?|\\n|[^\\r\\n]|$)`, 'y');
}

const openingQuote = /[ \u00a0\ufeff]*"/y;

function readRow(text: string, start: number, pattern: RegExp) {
  const cells: string[] = [];
  let isOpen = false;
  let at = start;
  for (;;) {
    const quoted = readQuoted(text, at);
    pattern.lastIndex = quoted?.end ?? at;
    const [whole = '', rest = '', end = ''] = pattern.exec(text) ?? [];
    at = (quoted?.end ?? at) + whole.length;
    isOpen ||= quoted?.isOpen === true;
    const isTooLarge = !isOpen && (cells.length === maxCells || at - start > maxRowLength);
    if (isTooLarge) return { cells, isOpen, isTooLarge, end: at };
    cells.push(quoted === undefined ? rest : quoted.value + rest);
    if (end === '' || end === '\n' || end.startsWith('\r')) return { cells, isOpen, isTooLarge, end: at };
  }
}

/**
 * Reads a quoted cell. Returns undefined if none begins here. It does not use a regular expression, because their
 * repetitions are limited.
 */
function readQuoted(text: string, start: number) {
  openingQuote.lastIndex = start;
  if (!openingQuote.test(text)) return undefined;
  const first = openingQuote.lastIndex;
  for (let at = text.indexOf('"', first); at !== -1; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] === '"') continue;
    return { value: withoutDoubled(text.slice(first, at)), end: at + 1, isOpen: false };
  }
  return { value: '', end: text.length, isOpen: true };
}

/** Replaces two quotation marks with one. `replaceAll` would exhaust the memory if there are millions. */
function withoutDoubled(text: string): string {
  if (!text.includes('""')) return text;
  const units = new Uint16Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    units[length] = unit;
    length += 1;
    if (unit === quotationMark) at += 1;
  }
  return Buffer.from(units.buffer, 0, 2 * length).toString('utf16le');
}

const quotationMark = 0x22;
