import type { Complaint } from '../errors/complaints.ts';
import { singleLine } from '../lib/clean-text.ts';
import { isMisread } from '../lib/decode-text.ts';

/** Words after a comma that are not first names. */
const suffix = /^(?:jr|sr|dr|phd|md|inc|ltd|llc|gmbh|ag|esq|ii|iii|iv)\.?$/i;

/** Returns a name in the usual order: `Dupont, Chloé` becomes Chloé Dupont. */
export function nameIn(cell: string): string {
  const name = singleLine(cell);
  const [last = '', first = '', ...more] = name.split(',').map((part) => part.trim());
  if (first === '' || last === '' || more.length > 0 || suffix.test(first)) return name;
  return `${first} ${last}`;
}

/** Complains if letters of a name were lost when the file was saved. */
export function nameComplaint(name: string): Complaint | undefined {
  if (/^X'[0-9a-f]+'$/i.test(name)) return { code: 'hex-cell', value: name };
  const isLost = /\p{L}\?|\?\p{L}|\ufffd/u.test(name) || isMisread(name);
  return isLost ? { code: 'letters-lost', value: name } : undefined;
}
