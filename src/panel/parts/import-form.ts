import { type Static, Type } from 'typebox';
import { duplicateModes, type Import, type ImportOptions } from '../../importing/import.ts';
import type { ImportContext } from '../../importing/import-context.ts';
import { rowsOfImport } from '../../importing/look-at-import.ts';
import { parseId } from '../../lib/parse-id.ts';
import { isCountry } from '../../lib/phone-number.ts';
import { box, isTicked } from './field.ts';
import { editableColumns, isShownInPart, shownMark, shownText } from './import-rows.ts';
import { passwordAgain } from './password-again.ts';

const texts = Type.Union([Type.String(), Type.Array(Type.String())]);
const actions = ['check', 'columns', 'import', 'discard', 'invite', 'sheet', 'sheet-rest', 'codes', 'stay'] as const;

/** The form on the page of an import. Each column of the file is a field that occurs once for each row. */
export const importForm = Type.Object(
  {
    action: Type.Optional(Type.Enum([...actions])),
    on_duplicate: Type.Optional(Type.Enum([...duplicateModes])),
    allow_admin: box,
    invite: box,
    from: Type.Optional(Type.String({ maxLength: 10 })),
    from_rest: Type.Optional(Type.String({ maxLength: 10 })),
    country: Type.Optional(Type.String({ maxLength: 2 })),
    [passwordAgain]: Type.Optional(Type.String()),
    leave: Type.Optional(Type.String()),
    line: Type.Optional(texts),
    shown: Type.Optional(texts),
    first_is_row: box,
  },
  { additionalProperties: texts },
);

export type SentImport = Static<typeof importForm>;

/** Returns the options that result from the form. A form without options changes none. */
export function optionsAfter({ options }: Import, sent: SentImport): Partial<ImportOptions> {
  const country = sent.country === undefined ? {} : { phoneCountry: isCountry(sent.country) ? sent.country : null };
  if (sent.on_duplicate === undefined) return { ...options, ...country };
  const flags = { allowAdmin: isTicked(sent.allow_admin), invite: isTicked(sent.invite) };
  return { onDuplicate: sent.on_duplicate, ...flags, ...country };
}

/**
 * Returns the cells of the rows in which something was corrected. Each field occurs once for each row, in the order of
 * the lines. A long cell is not shown; if its field is left empty, it stays unchanged. A field that still has the text
 * with which it was shown changes nothing, even if somebody else has corrected its cell since.
 */
export async function mendedRows(
  context: Pick<ImportContext, 'database' | 'rowSeal'>,
  found: Import,
  sent: SentImport,
): Promise<Map<number, string[]>> {
  const lines = [sent.line ?? []]
    .flat()
    .slice(0, maxSent)
    .map((text) => parseId(text) ?? 0);
  const mended = new Map<number, string[]>();
  if (lines.length === 0) return mended;
  const fields: Readonly<Record<string, unknown>> = sent;
  const columns = editableColumns(found);
  const rows = await rowsOfImport(context, found, { decisions: ['refused'], lines, after: 0, limit: lines.length });
  for (const row of rows) {
    const at = lines.indexOf(row.line);
    if (at === -1) continue;
    const cells = found.header.map((_, index) => row.cells[index] ?? '');
    const shown = [sent.shown ?? []].flat()[at]?.split(' ') ?? [];
    let isMended = false;
    for (const [place, { field, index, isSecret }] of columns.entries()) {
      const value = [fields[field] ?? []].flat()[at];
      const before = row.cells[index] ?? '';
      const isHidden = isSecret || isShownInPart(before);
      if (typeof value !== 'string' || (isHidden && value === '') || value === shownText(before)) continue;
      if (shownMark(value) === shown[place]) continue;
      cells[index] = value;
      isMended = true;
    }
    if (isMended) mended.set(row.line, cells);
  }
  return mended;
}

/** The maximum number of rows in a form. Pages of an import show fewer. */
const maxSent = 100;
