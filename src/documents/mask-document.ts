import type { Document, Entry, Section } from '../lpconfig/document.ts';
import { isSecretKey, type KeyCatalogue } from '../lpconfig/key-catalogue.ts';

/** Returns the document with each secret value masked. Empty values, which only delete, stay unchanged. */
export function maskDocument(document: Document, catalogue: KeyCatalogue, mask: (value: string) => string): Document {
  const masked = (section: string, name: string, entry: Entry): Entry =>
    isSecretKey(catalogue, section, name) && entry.value !== '' ? { ...entry, value: mask(entry.value) } : entry;
  const maskSection = (section: string, entries: Section): Section =>
    new Map([...entries].map(([name, entry]) => [name, masked(section, name, entry)]));
  return new Map([...document].map(([name, entries]) => [name, maskSection(name, entries)]));
}
