import type { Complaint } from '../errors/complaints.ts';
import { checkCharacters } from '../lib/forbidden-characters.ts';

/** Linphone cuts lines at about 16 KiB. */
const maxEntryBytes = 16_000;

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

/** Returns a complaint about `name=value` as one entry, or undefined. */
export function checkEntry(name: string, value: string): Complaint | undefined {
  return checkKey(name) ?? checkCharacters(value) ?? checkLength(name, value);
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
