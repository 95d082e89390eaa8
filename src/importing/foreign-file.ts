import type { refusedFiles } from '../errors/import-errors.ts';

type Foreign = keyof typeof refusedFiles;

/** File types that are recognized by their first bytes. */
const magic: readonly (readonly [bytes: string, kind: Foreign])[] = [
  ['504b0304', 'spreadsheet'],
  ['504b0506', 'spreadsheet'],
  ['d0cf11e0', 'old-spreadsheet'],
  ['25504446', 'pdf'],
];

/** File types that are recognized by their first non-empty line, which may be an SQL comment. */
const firstLines: readonly (readonly [line: RegExp, kind: Foreign])[] = [
  [/^dn::? |^dn:$|^version: *1$/i, 'ldif'],
  [/^BEGIN:VCARD/i, 'vcard'],
  [/^--|^\/\*|^(?:INSERT INTO|CREATE TABLE|COPY \S+ \(|SET \S+ *=|BEGIN;|LOCK TABLES)/i, 'sql'],
  [/^[{]|^\[\s*(?:[{"\]]|$)/, 'json'],
  [/^</, 'markup'],
  [/^\[[^\]]+\](?:\(.*\))?\s*(?:;.*)?$/, 'configuration'],
];

const anyLine: readonly (readonly [line: RegExp, kind: Foreign])[] = [
  [/^[ \t]*[\w-]+[ \t]*=>/m, 'configuration'],
  [/^\[[^\]\r\n]+\](?:\([^)\r\n]*\))?[ \t]*$/m, 'configuration'],
  [/^[ \t]*INSERT INTO /im, 'sql'],
];

const sampleLength = 4_000;

/** Returns the type of a file that is not a table, by its first bytes. */
export function foreignBytes(bytes: Uint8Array): Foreign | undefined {
  if (bytes.length === 0) return 'empty';
  const start = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  return magic.find(([known]) => known === start)?.[1];
}

/** Returns the type of a text that is not a table, by its beginning. */
export function foreignText(text: string): Foreign | undefined {
  const sample = text.slice(0, sampleLength);
  if (isBinary(sample)) return 'binary';
  const first = /\S.*/.exec(sample)?.[0].trim();
  if (first === undefined) return sample.length === text.length ? 'empty' : undefined;
  const known = firstLines.find(([line]) => line.test(first)) ?? anyLine.find(([line]) => line.test(sample));
  return known?.[1];
}

/**
 * Returns whether the text is binary data. A cell of a table may contain U+0000, but not in the first line and not
 * beside other control characters.
 */
function isBinary(sample: string): boolean {
  const [first = ''] = sample.split('\n', 1);
  return first.includes('\0') || (sample.includes('\0') && /\p{Cc}/u.test(sample.replaceAll(/[\0\t\n\r]/g, '')));
}
