import { AppError } from '../errors.ts';
import { decodeText, type Encoding } from '../lib/decode-text.ts';
import { type CsvRow, maxCells, readCsv, type Separator, separators } from '../lib/read-csv.ts';
import { importColumns } from './column-names.ts';
import { isExportHeader } from './export-accounts.ts';
import { foreignBytes, foreignText } from './foreign-file.ts';
import { knownNames } from './header-cell.ts';
import { isBeforeHeader, isLeftOut } from './left-out.ts';
import { pagesOf, textLength } from './pages.ts';

export interface TableFormat {
  readonly encoding: Encoding;
  readonly separator: Separator;
  /**
   * Whether each line is one quoted cell. Some programs save tables like this if they did not split them into columns.
   */
  readonly isWrapped: boolean;
}

export interface Table {
  readonly format: TableFormat;
  /** The line number of the header. */
  readonly line: number;
  /** Whether the header contains a known column name. */
  readonly isKnown: boolean;
  /** The names of the columns, as they are in the file. */
  readonly header: readonly string[];
  /**
   * Returns its rows, without what belongs to the file rather than to the table, in pages between which others should
   * have a turn. A page may be empty. May be called again.
   */
  pages(): Generator<CsvRow[]>;
}

/** Empty lines and comments are not rows, but reading millions of them would make all phones wait. */
export const maxLines = 500_000;

/** How many characters a cell may have. */
export const maxCellLength = 10_000;

/** The first line of a table that has all our columns. */
export const templateLine = importColumns.join(',');

/**
 * How to open a table. `anyHeader`: whether to accept unknown column names, because a person will say what they mean.
 */
export interface OpenOptions {
  readonly anyHeader?: boolean;
}

/** Reads the format and the header of a file. Throws `import-refused` if it is not a table of accounts. */
export function openTable(bytes: Uint8Array, options: OpenOptions = {}): Table {
  const foreign = foreignBytes(bytes);
  if (foreign !== undefined) throw new AppError('import-refused', { why: foreign });
  const { text, encoding } = decodeText(bytes);
  return openText(text, encoding, options);
}

/** Reads a table from pasted text like `openTable`. */
export function openText(text: string, encoding: Encoding = 'utf-8', { anyHeader = false }: OpenOptions = {}): Table {
  const foreign = foreignText(text);
  if (foreign !== undefined) throw new AppError('import-refused', { why: foreign });
  if (hasMoreLines(text, maxLines)) throw new AppError('too-large', { what: 'lines', max: maxLines });
  const { header, separator, isWrapped } = findHeader(text);
  const isKnown = knownNames(header.cells) > 0;
  if (!isKnown && !anyHeader) {
    const found = header.cells.slice(0, maxNamed);
    throw new AppError('import-refused', { why: 'unknown-columns', found, expected: templateLine });
  }
  const cells = withoutComment(header.cells);
  const isOwn = isExportHeader(cells);
  return {
    format: { encoding, separator, isWrapped },
    header: cells,
    line: header.line,
    isKnown,
    pages: () =>
      pagesOf(rowsOf(text, separator, isWrapped), ({ line, cells: found }) => {
        if (line <= header.line) return false;
        // A table of ours has accounts only, whatever their notes begin with.
        return isOwn ? found.some((cell) => cell !== '') : !isLeftOut(found, cells);
      }),
  };
}

function hasMoreLines(text: string, max: number): boolean {
  return ['\n', '\r'].some((end) => {
    let lines = 0;
    for (let at = text.indexOf(end); at !== -1 && lines <= max; at = text.indexOf(end, at + 1)) lines += 1;
    return lines > max;
  });
}

const maxNamed = 8;

interface Header {
  readonly header: CsvRow;
  readonly separator: Separator;
  readonly isWrapped: boolean;
}

/** Finds the first line that may be a header, with the separator that results in the most known names. */
function findHeader(text: string): Header {
  const named = /^\ufeff?"?sep=(.)/i.exec(text)?.[1];
  const declared = separators.find((each) => each === named);
  const candidates = (declared === undefined ? separators : [declared]).flatMap((separator) =>
    [false, true].map((isWrapped) => ({ header: firstRow(text, separator, isWrapped), separator, isWrapped })),
  );
  const [best] = candidates.toSorted(
    (one, other) =>
      knownNames(other.header.cells) - knownNames(one.header.cells) ||
      other.header.cells.length - one.header.cells.length,
  );
  if (best === undefined || best.header.cells.length === 0) {
    const isLate = candidates.some(({ header }) => header === lateHeader);
    throw new AppError('import-refused', { why: isLate ? 'late-header' : 'empty' });
  }
  return best;
}

/** Every separator is tried, so that many comments before the header would keep all phones waiting. */
const maxBeforeHeader = { rows: 1_000, characters: 100_000 };
const noHeader: CsvRow = { line: 0, cells: [] };
const lateHeader: CsvRow = { line: 0, cells: [] };

function firstRow(text: string, separator: Separator, isWrapped: boolean): CsvRow {
  let [rows, characters] = [0, 0];
  for (const row of rowsOf(text, separator, isWrapped)) {
    if (!isBeforeHeader(row.cells)) return row;
    rows += 1;
    characters += textLength(row);
    if (rows > maxBeforeHeader.rows || characters > maxBeforeHeader.characters) return lateHeader;
  }
  return noHeader;
}

function* rowsOf(text: string, separator: Separator, isWrapped: boolean): Generator<CsvRow> {
  for (const { line, cells, isOpen, isTooLarge } of readCsv(withoutMark(text), separator)) {
    if (isOpen) throw new AppError('import-refused', { why: 'unclosed-quote', line });
    requireSize(line, isTooLarge);
    const [only = ''] = cells;
    const [inner] = isWrapped && cells.length === 1 ? readCsv(only, separator) : [];
    requireSize(line, inner?.isTooLarge);
    yield { line, cells: (inner?.cells ?? cells).map(withoutExcess) };
  }
}

function requireSize(line: number, isTooLarge = false): void {
  if (isTooLarge) throw new AppError('import-refused', { why: 'large-row', line, maxCells });
}

/** Cuts a long cell to one character above the limit, so that its row is still refused. */
function withoutExcess(cell: string): string {
  return cell.length > maxCellLength ? cell.slice(0, maxCellLength + 1) : cell;
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** Removes the comment sign from a header such as `#username,name`. */
function withoutComment([first = '', ...rest]: readonly string[]): string[] {
  return [first.replace(/^\s*#\s*/, ''), ...rest];
}
