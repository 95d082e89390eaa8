import { Type } from 'typebox';
import { type Complaint, complaintSentence } from '../errors/complaints.ts';
import type { StoredFailure } from '../errors/import-complaints.ts';
import { storedError } from '../errors.ts';

/** A complaint about a row, as it is stored with an import. */
interface Problem {
  readonly line: number;
  readonly column: string;
  readonly complaint: Complaint;
}

/** The parts of an import that the API and `--json` show. */
interface Summary {
  readonly id: number;
  readonly state: string;
  readonly rows: number;
  readonly counts: Readonly<Record<'create' | 'update' | 'unchanged' | 'skipped' | 'refused', number>>;
  readonly written: number;
  readonly ignored: readonly string[];
  readonly options: { readonly dryRun: boolean };
  readonly failure: StoredFailure | undefined;
}

export const importAnswer = Type.Object(
  {
    id: Type.Integer(),
    state: Type.String({
      description:
        '`checking`, `checked` (a dry run, or corrected rows that are not written yet), `refused` (nothing was written, or something stopped it), `running`, `done` (its rows are written, except refused ones), or `discarded` (none is written).',
    }),
    rows: Type.Integer(),
    create: Type.Integer(),
    update: Type.Integer(),
    unchanged: Type.Integer(),
    skipped: Type.Integer(),
    refused: Type.Integer(),
    problems: Type.Array(
      Type.Object({ line: Type.Integer(), column: Type.String(), value: Type.String(), message: Type.String() }),
      { description: 'The first 1,000 mistakes. `line` is where the row begins in the file, `column` our name of it.' },
    ),
    ignored_columns: Type.Array(Type.String(), { description: 'Names of columns of the file that were not used.' }),
    dry_run: Type.Boolean({ description: 'Whether the rows were only checked, and none of them is written.' }),
    code: Type.Optional(Type.String({ description: 'The code of the error in `message`.' })),
    message: Type.Optional(
      Type.String({
        description: 'What stopped the import. If it was refused because of its rows, only in the first answer.',
      }),
    ),
  },
  { title: 'Import' },
);

export function importJson(found: Summary, problems: readonly Problem[]) {
  const { id, state, rows, counts, written, ignored, options, failure } = found;
  return {
    id,
    state,
    rows,
    ...counts,
    problems: problems.map(problemJson),
    ignored_columns: ignored,
    // A correction of rows is checked before it is written, even if other rows are written already.
    dry_run: options.dryRun && written === 0,
    ...(failure === undefined ? {} : { code: failure.code, message: storedError(failure).message }),
  };
}

/** Returns a problem in the form of the API. `value` is empty if it may be a secret. */
function problemJson({ line, column, complaint: { value = '', ...complaint } }: Problem) {
  return { line, column, value, message: `${column} ${complaintSentence(complaint)}.`.trim() };
}
