import { hash } from 'node:crypto';
import { html } from 'ghtml';
import { type ColumnKind, type ImportColumn, importColumns } from '../../importing/column-names.ts';
import { columnsOf } from '../../importing/columns.ts';
import type { Import, ImportRow } from '../../importing/import.ts';
import { Surveyor } from '../../importing/survey-table.ts';
import { withoutEnds } from '../../lib/clean-text.ts';
import { complaintText } from '../../locale/failure-text.ts';
import type { Reader } from '../reader.ts';
import { shape } from './shape.ts';

/** A column of the file that can be corrected. */
export interface EditableColumn {
  /** The name of its form field: our name for the column, or its position if another column has that name. */
  readonly field: string;
  readonly column: ImportColumn | 'domain';
  readonly index: number;
  /** The name of the column in the file. */
  readonly label: string;
  readonly isSecret: boolean;
}

/** Longer cells are not shown. Their fields are empty, and what is typed there replaces the cell. */
const maxShown = 200;

export function isShownInPart(cell: string): boolean {
  return cell.length > maxShown;
}

/** Returns the text of a field for a cell. A field has one line: a browser would remove line breaks from its value. */
export function shownText(cell: string): string {
  return cell.replace(/\r\n|[\r\n]/g, ' ');
}

/** Returns what a form sends back to tell that a field still has the text with which it was shown. */
export function shownMark(text: string): string {
  return hash('sha256', text).slice(0, 12);
}

/** Returns the marks of the fields of a row, in the order of its columns. */
function shownMarks(columns: readonly EditableColumn[], { cells }: Pick<ImportRow, 'cells'>): string {
  return columns
    .map(({ index, isSecret }) => {
      const text = cells[index] ?? '';
      return isSecret || isShownInPart(text) ? '-' : shownMark(shownText(text));
    })
    .join(' ');
}

const secrets: ReadonlySet<string> = new Set(['password', 'external_password', 'ha1_md5', 'ha1_sha256']);

/** Returns the columns of the file that we use, in the order of the file. */
export function editableColumns(found: Pick<Import, 'header' | 'format'>): EditableColumn[] {
  const taken = new Set<string>();
  return kindsOfColumns(found).flatMap((kind, index) => {
    const column = columnOf(kind);
    if (column === undefined) return [];
    const field = taken.has(column) ? `column-${index + 1}` : column;
    taken.add(column);
    return [{ field, column, index, label: columnLabel(found.header, index), isSecret: secrets.has(column) }];
  });
}

/** Returns the meaning of each column. If the import was never checked, the names of the columns decide. */
export function kindsOfColumns({ header, format }: Pick<Import, 'header' | 'format'>): readonly (ColumnKind | null)[] {
  if (format.kinds !== undefined) return format.kinds;
  return columnsOf(header, new Surveyor(header).survey).kinds.map((kind) => kind ?? null);
}

/** Returns the name of a column as it is in the file. A column without a name is called by its position. */
export function columnLabel(header: readonly string[], index: number): string {
  const name = withoutEnds(header[index] ?? '');
  return name === '' ? `#${index + 1}` : name;
}

function columnOf(kind: ColumnKind | null): EditableColumn['column'] | undefined {
  if (kind === 'ha1') return 'ha1_md5';
  if (kind === 'domain') return kind;
  return importColumns.find((column) => column === kind);
}

/** A refused row as a form shows it. */
export interface RefusedRow extends ImportRow {
  /** The stored cells, if the form shows what was typed and could not be stored. */
  readonly stored?: readonly string[];
}

/** Returns the refused rows as a table of form fields, with each mistake below its cell. */
export function refusedTable(reader: Reader, found: Import, rows: readonly RefusedRow[]): string {
  const { t } = reader;
  const all = editableColumns(found);
  const columns = all.filter(({ column, isSecret }) => !isSecret || isWrong(rows, column));
  const sizes = columns.map((column) => sizeOf(column, rows));
  const heads = columns.map(({ label }) => html`<th scope="col">${label}</th>`);
  return html`<div hidden>!${shape('failed').replace('<svg', '<svg id="wrong"')}</div>
<table class="mend" spellcheck="false"><thead><tr><th scope="col">${t('import.lineHead')}</th>!${heads}<td></td></tr></thead>
<tbody>!${rows.map((row, place) => refusedRow(reader, columns, place === 0 ? sizes : undefined, { row, marks: shownMarks(all, { cells: row.stored ?? row.cells }) }))}</tbody></table>`;
}

function isWrong(rows: readonly ImportRow[], column: string): boolean {
  return rows.some(({ complaints }) => complaints.some((each) => each.column === column));
}

/**
 * Returns the width of a column's fields. The first row has it for the longest cell, and the table divides its width
 * accordingly.
 */
function sizeOf({ index, isSecret }: EditableColumn, rows: readonly ImportRow[]): number {
  const longest = isSecret ? 0 : Math.max(...rows.map(({ cells }) => (cells[index] ?? '').length));
  return Math.min(maxSize, Math.max(minSize, longest));
}

const [minSize, maxSize] = [6, 32];

function refusedRow(
  reader: Reader,
  columns: readonly EditableColumn[],
  sizes: readonly number[] | undefined,
  { row, marks }: { readonly row: ImportRow; readonly marks: string },
): string {
  const { t } = reader;
  const { line, complaints } = row;
  const shown = new Set<string>();
  const cells = columns.map((column, place) => {
    const name = placeOf(column.column, columns);
    const wrong = shown.has(name)
      ? []
      : complaints.filter((each) => each.column !== '' && placeOf(each.column, columns) === name);
    if (wrong.length > 0) shown.add(name);
    return cell(
      reader,
      { ...column, size: sizes?.[place] },
      row,
      wrong.map(({ complaint }) => complaintText(t, complaint)),
    );
  });
  const others = complaints.filter(({ column }) => !shown.has(placeOf(column, columns)));
  const notes = others.map(({ complaint }) => mistake(undefined, complaintText(t, complaint)));
  return html`<tr data-line="${line}"><th scope="row"><b>${t('import.lineHead')}</b> ${line}<input type="hidden" name="line" value="${line}"><input type="hidden" name="shown" value="${marks}">!${notes}</th>!${cells}
<td class="leave"><button name="leave" value="${line}">${t('import.leaveOut')}<i>: ${t('import.lineHead')} ${line}</i></button></td></tr>`;
}

/**
 * Returns the column below which a mistake is shown. If the file has no such column, returns the one that the value
 * comes from.
 */
function placeOf(column: string, columns: readonly EditableColumn[]): string {
  if (columns.some((each) => each.column === column)) return column;
  const stand = ({ name: 'first_name', username: 'email', ha1_sha256: 'ha1_md5' } as const)[column as 'name'];
  return stand !== undefined && columns.some((each) => each.column === stand) ? stand : column;
}

function cell(
  { t }: Reader,
  { field, index, label, isSecret, size }: EditableColumn & { readonly size: number | undefined },
  { line, cells }: ImportRow,
  mistakes: readonly string[],
): string {
  const id = `${field}-${line}`;
  const wrong = mistakes.length === 0 ? '' : html` aria-invalid="true" aria-describedby="${id}-mistake"`;
  const text = isSecret ? '' : (cells[index] ?? '');
  const shown = isShownInPart(text)
    ? html`value="" placeholder="${text.slice(0, maxShown).toWellFormed()}…"`
    : html`value="${shownText(text)}"`;
  return html`<td><label for="${id}">${label}<i>, ${t('import.lineHead')} ${line}</i></label><input id="${id}" name="${field}" !${shown} !${size === undefined ? '' : html` size="${size}"`}!${wrong}>!${mistakes.length === 0 ? '' : mistake(`${id}-mistake`, mistakes.join(' '))}</td>`;
}

function mistake(id: string | undefined, sentence: string): string {
  return html`<p class="mistake"!${id === undefined ? '' : html` id="${id}"`}>!${sameShape}<span>${sentence}</span></p>`;
}

/** Refers to a single drawing, because very many cells have this shape. */
const sameShape = html`<svg class="shape failed" aria-hidden="true"><use href="#wrong"/></svg>`;

/** Returns the rows that are ready to be written, or the results of rows that were. */
export function readyTable(reader: Reader, rows: readonly ImportRow[]): string {
  const { t } = reader;
  return html`<table class="ready"><thead><tr><th scope="col" class="figures">${t('import.lineHead')}</th><th scope="col">${t('accounts.name')}</th><th scope="col">${t('import.username')}</th><th scope="col">${t('accounts.mail')}</th><th scope="col">${t('accounts.phone')}</th><th scope="col">${t('import.what')}</th></tr></thead>
<tbody>!${rows.map((row) => readyRow(reader, row))}</tbody></table>`;
}

function readyRow(reader: Reader, { line, fields, decision, changes }: ImportRow): string {
  const { t } = reader;
  const { name = '', username = '', email = '', phone = '' } = fields ?? {};
  const words =
    decision === 'update'
      ? t('import.changes', { columns: changes.join(', ') })
      : t(`import.decision.${decision ?? 'unchanged'}`);
  return html`<tr data-line="${line}" data-decision="${decision ?? ''}"><td class="figures">${line}</td><td class="name"><bdi>${name === '' ? username : name}</bdi></td><td><bdi>${username}</bdi></td><td><bdi>${email}</bdi></td><td class="number">${phone === '' ? '–' : phone}</td><td class="soft">${words}</td></tr>`;
}
