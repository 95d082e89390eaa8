import { html } from 'ghtml';
import type { AssignedColumns, ColumnKind } from '../../importing/column-names.ts';
import type { Import } from '../../importing/import.ts';
import type { ImportContext } from '../../importing/import-context.ts';
import { rowsOfImport } from '../../importing/look-at-import.ts';
import { withoutEnds } from '../../lib/clean-text.ts';
import { isMessageKey } from '../../locale/translate.ts';
import type { Reader } from '../reader.ts';
import { columnLabel, kindsOfColumns } from './import-rows.ts';

/**
 * The meanings that a person can choose for a column. Other kinds of columns come from programs, which use names that
 * we know.
 */
const assignable = [
  ...(['username', 'name', 'first_name', 'last_name', 'email', 'phone'] as const),
  ...(['group', 'note', 'language', 'password'] as const),
] as const;

const identifying: readonly (ColumnKind | null)[] = ['username', 'name', 'first_name', 'last_name', 'email'];

/** Returns whether no column identifies the account of a row, so that a person must choose one. */
export function needsColumns(found: Import): boolean {
  return !kindsOfColumns(found).some((kind) => identifying.includes(kind));
}

const sampleRows = 20;
const maxSample = 60;
/** The limit of columns, because the page would otherwise be too large. */
const maxColumns = 80;
const isSecretName = /pass|secret|pin\b|kennw|mot de|contrase|clave|hash|ha1/i;

/** Returns the table in which a person chooses the meaning of each column that has values. */
export async function columnsPart(
  context: Pick<ImportContext, 'database' | 'rowSeal'>,
  reader: Reader,
  found: Import,
): Promise<string> {
  const { t } = reader;
  const rows = await rowsOfImport(context, found, { open: true, after: 0, limit: sampleRows });
  const sampleOf = (index: number) =>
    rows.map(({ cells }) => withoutEnds(cells[index] ?? '')).find((cell) => cell !== '') ?? '';
  const lines = kindsOfColumns(found)
    .map((kind, index) => ({ kind, index, sample: sampleOf(index) }))
    .filter(({ kind, sample }) => kind !== null || sample !== '')
    .slice(0, maxColumns)
    .map((each) => columnLine(reader, found, each));
  const first =
    found.format.unknownLine === undefined
      ? ''
      : html`<label class="check"><input type="checkbox" name="first_is_row" value="true">${t('import.firstIsRow')}</label>`;
  return html`<section><h2>${t('import.columns')}</h2><p class="soft">${t(needsColumns(found) ? 'import.columnsUnknown' : 'import.columnsLine')}</p>
<table class="columns"><thead><tr><th scope="col">${t('import.columnInFile')}</th><th scope="col">${t('import.columnSample')}</th><th scope="col">${t('import.columnMeans')}</th></tr></thead>
<tbody>!${lines}</tbody></table>!${first}
<div class="buttons"><button class="button" name="action" value="check">${t('import.columnsUse')}</button></div></section>`;
}

interface ColumnLine {
  readonly kind: ColumnKind | null;
  readonly index: number;
  readonly sample: string;
}

function columnLine({ t }: Reader, { header }: Import, { kind, index, sample }: ColumnLine): string {
  const label = columnLabel(header, index);
  const isSecret = kind === 'password' || isSecretName.test(label);
  const shown = isSecret ? '•••' : sample.slice(0, maxSample).toWellFormed();
  const option = (value: string, words: string) =>
    html`<option value="${value}"!${value === (kind ?? 'none') ? ' selected' : ''}>${words}`;
  const key = `import.column.${kind}`;
  // A column whose known meaning is not in the list keeps it.
  const other = kind === null || isMessageKey(key) ? '' : html`<option value="" selected>${t('import.column.known')}`;
  const options = assignable.map((each) => option(each, t(`import.column.${each}`)));
  return html`<tr><th scope="row" id="column-${index}"><bdi>${label}</bdi></th><td class="soft"><bdi>${shown}</bdi></td><td><select name="means-${index}" aria-labelledby="column-${index}">!${other}!${option('none', t('import.column.none'))}!${options}</select></td></tr>`;
}

/** Returns the meanings that a person chose, or undefined if they are the known ones. */
export function assignedColumns(found: Import, sent: Readonly<Record<string, unknown>>): AssignedColumns | undefined {
  const changed = kindsOfColumns(found).flatMap((kind, index) => {
    const means = [...assignable, 'none' as const].find((each) => each === sent[`means-${index}`]);
    return means === undefined || means === (kind ?? 'none') ? [] : [[index, means] as const];
  });
  return changed.length === 0 ? undefined : { ...found.options.columns, ...Object.fromEntries(changed) };
}
