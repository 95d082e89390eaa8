import { type Document, mergeDocuments, type Origin } from './document.ts';
import { foreignFormatOf } from './foreign-format.ts';
import { byPlace, finding, type LintOptions, lintDocument } from './lint-document.ts';
import type { Finding } from './lint-rules.ts';
import { type Linphonerc, readLinphonerc, readLinphonercBytes } from './read-linphonerc.ts';

export interface LintFileOptions extends Omit<LintOptions, 'headings' | 'incomplete'> {
  /** The name of the text in findings. */
  readonly file: string;
  /** The document below the text. It is not linted itself. */
  readonly below?: Document;
}

/** Returns all mistakes and oddities in a linphonerc, sorted by place. Never throws. */
export function lintLinphonerc(source: string | Uint8Array, options: LintFileOptions): Finding[] {
  const { file, below = new Map() } = options;
  const foreign = foreignFormatOf(source);
  if (foreign !== undefined) {
    const { what, remedy } = foreign;
    return [finding({ rule: 'not-a-linphonerc', message: `This is ${what}, not a linphonerc`, remedy }, start(file))];
  }
  const read = { layer: 'linphonerc', file };
  const text = typeof source === 'string' ? readLinphonerc(source, read) : readLinphonercBytes(source, read);
  const document = mergeDocuments(below, text.document);
  const { headings, incomplete } = text;
  const found = lintDocument(document, { ...options, headings, incomplete }).filter((each) => each.file === file);
  return [...fromReading(text, file), ...found].sort(byPlace);
}

function start(file: string): Origin {
  return { layer: 'linphonerc', file, line: 1, column: 1 };
}

function fromReading({ mistakes, repeated }: Linphonerc, file: string): Finding[] {
  return [
    ...mistakes.map(({ rule, line, column, message, text }) =>
      finding({ rule, message: `${message}: ${text}`, value: text }, { file, line, column }),
    ),
    ...repeated.map(({ section, key, line, column, first }) =>
      finding(
        { rule: 'key-repeated', section, key, message: `${key} is already set in line ${first}` },
        { file, line, column },
      ),
    ),
  ];
}
