import type { Document, Entry, Section } from '../lpconfig/document.ts';

/** Entries whose values are credentials. */
const secretEntry = /^(ha1|passwd|password|config-uri-header_\d+)$/;

export function isSecretEntry(name: string): boolean {
  return secretEntry.test(name);
}

/** Returns the document with each secret value masked. Empty values, which only delete, stay unchanged. */
export function maskDocument(document: Document, mask: (value: string) => string): Document {
  const masked = (name: string, entry: Entry): Entry =>
    isSecretEntry(name) && entry.value !== '' ? { ...entry, value: mask(entry.value) } : entry;
  const maskSection = (section: Section): Section =>
    new Map([...section].map(([name, entry]) => [name, masked(name, entry)]));
  return new Map([...document].map(([name, section]) => [name, maskSection(section)]));
}
