/** Linphone cuts lines at about 16 KiB. */
const maxEntryBytes = 16_000;

const name = /^[A-Za-z0-9_.:-]{1,100}$/;

// Every document repeats the same few names; looking one up takes a third of the time of matching it again.
const knownNames = new Set<string>();
const maxKnownNames = 2_000;

// Linphone writes values unescaped into its own file: what follows a line break becomes new keys and sections at the
// next start. With the flag `u`, a surrogate matches only if it is unpaired.
const forbidden = /[\u0000-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff]/u;

/** Returns what is wrong with the name of a section or an entry, as the rest of a sentence; undefined if nothing is. */
export function checkName(text: string): string | undefined {
  if (knownNames.has(text)) return undefined;
  if (!isText(text) || !name.test(text)) return 'must be 1 to 100 characters of A-Z a-z 0-9 _ . : -';
  if (knownNames.size < maxKnownNames) knownNames.add(text);
  return undefined;
}

/** Returns what is wrong with a value, as the rest of a sentence; undefined if nothing is. */
export function checkValue(value: string): string | undefined {
  if (!isText(value)) return 'must be text';
  const index = findForbidden(value);
  return index === undefined ? undefined : `must not contain ${describe(value, index)}`;
}

/** Returns what is wrong with `name=value` as one entry, as the rest of a sentence; undefined if nothing is. */
export function checkEntry(name: string, value: string): string | undefined {
  return checkName(name) ?? checkValue(value) ?? checkLength(name, value);
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

function checkLength(name: string, value: string): string | undefined {
  return isTooLong(name, value)
    ? `must be at most ${maxEntryBytes} bytes of UTF-8 as key=value (it has ${entryBytes(name, value)})`
    : undefined;
}

function entryBytes(name: string, value: string): number {
  return Buffer.byteLength(name) + 1 + Buffer.byteLength(value);
}

function describe(value: string, index: number): string {
  const code = value.charCodeAt(index);
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  if (code >= 0xfffe) return `the noncharacter ${hex}`;
  return code >= 0xd800 ? `an unpaired surrogate (${hex})` : `control characters (${hex})`;
}

// Hooks may be plain JavaScript, so the declared type is not guaranteed.
function isText(value: unknown): boolean {
  return typeof value === 'string';
}
