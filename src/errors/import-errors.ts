import { quoteText } from './quote-text.ts';

/** Why a whole file is refused, and what to do. */
export const refusedFiles = {
  spreadsheet: 'This is a spreadsheet, not a text file: save it as CSV (UTF-8) in the program that made it.',
  'old-spreadsheet':
    'This is a spreadsheet in an old format (.xls): save it as CSV (UTF-8) in the program that made it.',
  pdf: 'This is a PDF: export the table as CSV from the program that made it.',
  ldif: 'This is LDIF: export the directory as CSV, for example with csvde or Get-ADUser | Export-Csv.',
  vcard: 'These are vCards: export the address book as CSV.',
  configuration: 'This is a configuration file: export the extensions of the telephone system as CSV.',
  sql: 'This is SQL: export the result of a query as CSV.',
  json: 'This is JSON: convert it to CSV, or send its accounts to the API one by one.',
  markup: 'This is XML or HTML: export the table as CSV.',
  binary: 'This is not a text file: export the table as CSV.',
  empty: 'The file has no rows.',
  'late-header':
    'There is no line with the names of columns within the first 1,000 lines and 100,000 characters: remove what comes before it.',
  'no-rows': 'The file has a line with names of columns, but no rows.',
};

type RefusedFile =
  | { readonly why: keyof typeof refusedFiles }
  | { readonly why: 'unknown-columns'; readonly found: readonly string[]; readonly expected: string }
  | { readonly why: 'column-twice'; readonly column: string }
  | { readonly why: 'unclosed-quote'; readonly line: number }
  | { readonly why: 'large-row'; readonly line: number; readonly maxCells: number };

function refusedFile(facts: RefusedFile): string {
  switch (facts.why) {
    case 'unknown-columns':
      return `The first line names no column of accounts (${facts.found.map(quoteText).join(', ')}): name the columns like ${facts.expected}`;
    case 'column-twice':
      return `The column ${quoteText(facts.column)} appears twice, with values in both: remove one of them.`;
    case 'unclosed-quote':
      return `The quotation mark in line ${facts.line} is never closed: close it, or double it if it belongs to the text.`;
    case 'large-row':
      return `Line ${facts.line} is too long for a table of accounts: a line may have at most ${facts.maxCells} cells and a million characters.`;
    default:
      return refusedFiles[facts.why];
  }
}

export type ImportConflict =
  | {
      readonly why: 'import-busy' | 'import-erased' | 'import-failed' | 'import-written' | 'import-of-other-secret';
    }
  | { readonly why: 'import-without-rights'; readonly name: string }
  | {
      readonly why: 'import-discarded' | 'import-elsewhere';
      readonly id: number;
      readonly written: number;
      readonly rows: number;
    };

/** Says why an import cannot be changed or cannot go on. */
export function aboutImport(facts: ImportConflict): string {
  switch (facts.why) {
    case 'import-busy':
      return 'Somebody is working on this import, or it was discarded: look at it again.';
    case 'import-erased':
      return 'The rows of this import were erased after a day: import the file again.';
    case 'import-failed':
      return 'A fault in the server stopped this import, and the log says more: check its rows again in the panel, or import the file again.';
    case 'import-written':
      return 'This import was written in the meantime, or its other rows were discarded: look at it again.';
    case 'import-of-other-secret':
      return 'The rows of this import were stored under another RINGUP_SECRET: start Ringup with that one again, or import the file again.';
    case 'import-without-rights':
      return `${quoteText(facts.name)} started this import and may no longer change the accounts of this space: check its rows again in the panel, or import the file again.`;
    case 'import-discarded':
      return `Import ${facts.id} was discarded in the meantime: ${facts.written} of ${facts.rows} rows are in.`;
    case 'import-elsewhere':
      return `Another process goes on with import ${facts.id}: ${facts.written} of ${facts.rows} rows are in.`;
  }
}

export const importErrors = {
  'import-refused': {
    kind: 'invalid',
    meaning:
      'A file for import is refused as a whole, because it is not a table of accounts; the message says what to do.',
    message: (facts: RefusedFile) => refusedFile(facts),
  },
  'import-rows-refused': {
    kind: 'invalid',
    meaning: 'An import wrote nothing, because some of its rows have mistakes; `problems` in the answer lists them.',
    message: ({ refused, rows }: { refused: number; rows: number }) =>
      `Nothing was written: ${refused} of ${rows} rows ${refused === 1 ? 'has a mistake' : 'have mistakes'}. Correct them, or write the others with partial=true.`,
  },
} as const;
