import type { Document } from './document.ts';
import { mergeDocuments } from './document.ts';
import { byPlace, finding, type LintOptions, lintDocument } from './lint-document.ts';
import type { Finding } from './lint-rules.ts';
import { type Linphonerc, readLinphonerc, readLinphonercBytes } from './read-linphonerc.ts';

export interface LintFileOptions extends Omit<LintOptions, 'headings'> {
  /** What the findings call the text. */
  readonly file: string;
  /** What the text is laid over; of that itself nothing is found. */
  readonly below?: Document;
}

/** All that is wrong, odd or worth a thought in a linphonerc, sorted by place. Never throws. */
export function lintLinphonerc(source: string | Uint8Array, options: LintFileOptions): Finding[] {
  const { file, below = new Map() } = options;
  const read = { layer: 'linphonerc', file };
  const text = typeof source === 'string' ? readLinphonerc(source, read) : readLinphonercBytes(source, read);
  const document = mergeDocuments(below, text.document);
  const found = lintDocument(document, { ...options, headings: text.headings }).filter((each) => each.file === file);
  return [...fromReading(text, file), ...found].sort(byPlace);
}

function fromReading({ mistakes, repeated }: Linphonerc, file: string): Finding[] {
  return [
    ...mistakes.map(({ rule, line, column, message, text }) =>
      finding({ rule, message: `${message}: ${text}` }, { file, line, column }),
    ),
    ...repeated.map(({ section, key, line, column, first }) =>
      finding(
        { rule: 'key-repeated', section, key, message: `${key} already stands in line ${first}` },
        { file, line, column },
      ),
    ),
  ];
}
