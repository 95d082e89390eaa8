import type { CsvRow } from '../lib/read-csv.ts';

/** A page ends after so many rows, or after so much text, of which each line that is no row counts as some. */
const maxPage = { rows: 250, text: 200_000 };
const textOfEmptyLine = 100;

/** Yields the rows that belong to the table, in pages. Give others a turn after each. A page may be empty. */
export function* pagesOf<Row extends CsvRow>(
  rows: Iterable<Row>,
  isOfTable: (row: Row) => boolean = () => true,
): Generator<Row[]> {
  let page: Row[] = [];
  let text = 0;
  for (const row of rows) {
    if (isOfTable(row)) page.push(row);
    text += textOfEmptyLine + textLength(row);
    if (page.length < maxPage.rows && text < maxPage.text) continue;
    yield page;
    page = [];
    text = 0;
  }
  if (page.length > 0) yield page;
}

/** How many characters the cells of a row have together. */
export function textLength({ cells }: CsvRow): number {
  return cells.reduce((sum, cell) => sum + cell.length, 0);
}
