import type { Document, Entry, Section } from '../lpconfig/document.ts';

/** Entries whose values sign somebody in. */
const secretEntry = /^(ha1|passwd|password|config-uri-header_\d+)$/;

export function isSecretEntry(name: string): boolean {
  return secretEntry.test(name);
}

/** The document with `mask` in place of each secret value; empty ones, which only delete, stay as they are. */
export function maskDocument(document: Document, mask: (value: string) => string): Document {
  const masked = (name: string, entry: Entry): Entry =>
    isSecretEntry(name) && entry.value !== '' ? { ...entry, value: mask(entry.value) } : entry;
  const maskSection = (section: Section): Section =>
    new Map([...section].map(([name, entry]) => [name, masked(name, entry)]));
  return new Map([...document].map(([name, section]) => [name, maskSection(section)]));
}
