import { columnsOf } from '../../src/importing/columns.ts';
import { openTable, type TableFormat } from '../../src/importing/open-table.ts';
import { type RowFields, readRow } from '../../src/importing/read-row.ts';
import { Surveyor } from '../../src/importing/survey-table.ts';

export interface FileRow {
  readonly line: number;
  readonly fields: RowFields;
  /** `column: code`. */
  readonly wrong: readonly string[];
}

/** Reads a whole file, as an import does. */
export function readFile(
  content: string | Uint8Array,
  domain = 'sip.example.test',
): { rows: FileRow[]; ignored: readonly string[]; format: TableFormat } {
  const table = openTable(typeof content === 'string' ? Buffer.from(content) : content);
  const surveyor = new Surveyor(table.header);
  for (const { cells } of [...table.pages()].flat()) surveyor.add(cells);
  const { survey } = surveyor;
  const columns = columnsOf(table.header, survey);
  const space = { domain, effectiveRealm: domain };
  const rows = [...table.pages()].flat().map(({ line, cells }) => {
    const { fields, complaints } = readRow(cells, { columns, survey, space });
    return { line, fields, wrong: complaints.map(({ column, complaint }) => `${column}: ${complaint.code}`) };
  });
  return { rows, ignored: columns.ignored, format: table.format };
}

export function lines(...each: readonly string[]): string {
  return each.map((line) => `${line}\r\n`).join('');
}
