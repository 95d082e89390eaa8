import type { Complaint } from '../errors/complaints.ts';

/** Linphone cuts lines at about 16 KiB. */
const maxEntryBytes = 16_000;

// Linphone writes values unescaped to its own file, so text after a line break would become new keys and sections at
// the next start. With the flag `u`, only unpaired surrogates match.
const forbidden = /[\u0000-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff]/u;

/** Returns a complaint about the name of a section, or undefined. */
export const checkName = nameCheck(/^[A-Za-z0-9_.:-]{1,100}$/, { code: 'not-a-name' });

/** Returns a complaint about the name of an entry, or undefined. Keys of the desktop app may contain `/`. */
export const checkKey = nameCheck(/^[A-Za-z0-9_.:/-]{1,100}$/, { code: 'not-a-key' });

const maxKnownNames = 2_000;

// Remembers names that matched. Every document repeats the same few names, and a look-up takes a third of the time of a
// match.
function nameCheck(pattern: RegExp, complaint: Complaint): (text: string) => Complaint | undefined {
  const known = new Set<string>();
  return (text) => {
    if (known.has(text)) return undefined;
    if (!isText(text) || !pattern.test(text)) return complaint;
    if (known.size < maxKnownNames) known.add(text);
    return undefined;
  };
}

/** Returns a complaint about the characters of a value. `checkEntry` also checks its length, with that of its name. */
export function checkValue(value: string): Complaint | undefined {
  if (!isText(value)) return { code: 'not-text' };
  const index = findForbidden(value);
  return index === undefined ? undefined : { code: 'forbidden-character', charCode: value.charCodeAt(index) };
}

/** Returns a complaint about `name=value` as one entry, or undefined. */
export function checkEntry(name: string, value: string): Complaint | undefined {
  return checkKey(name) ?? checkValue(value) ?? checkLength(name, value);
}

/** Returns the position of the first character that no value may contain. */
export function findForbidden(value: string): number | undefined {
  const index = value.search(forbidden);
  return index === -1 ? undefined : index;
}

/** Returns whether Linphone would cut `name=value`. */
export function isTooLong(name: string, value: string): boolean {
  return entryBytes(name, value) > maxEntryBytes;
}

function checkLength(name: string, value: string): Complaint | undefined {
  return isTooLong(name, value)
    ? { code: 'entry-too-long', max: maxEntryBytes, bytes: entryBytes(name, value) }
    : undefined;
}

function entryBytes(name: string, value: string): number {
  return Buffer.byteLength(name) + 1 + Buffer.byteLength(value);
}

// Hooks may be plain JavaScript, so the declared type is not guaranteed.
function isText(value: unknown): boolean {
  return typeof value === 'string';
}
