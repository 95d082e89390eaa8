import type { Document, Entry, Section } from '../lpconfig/document.ts';
import { isSecretKey, type KeyCatalogue } from '../lpconfig/key-catalogue.ts';

/** The device id is half of what a device authenticates with, and differs for each device of an account. */
const deviceInAddress = /\?device=\w+$/;

/**
 * Returns the document with each secret value masked, and without the device id in the provisioning address. Empty
 * values, which only delete an entry, stay unchanged.
 */
export function maskDocument(document: Document, catalogue: KeyCatalogue, mask: (value: string) => string): Document {
  const masked = (section: string, name: string, entry: Entry): Entry => {
    if (name === 'config-uri') return { ...entry, value: entry.value.replace(deviceInAddress, '') };
    const isMasked = isSecretKey(catalogue, section, name) && entry.value !== '';
    return isMasked ? { ...entry, value: mask(entry.value) } : entry;
  };
  const maskSection = (section: string, entries: Section): Section =>
    new Map([...entries].map(([name, entry]) => [name, masked(section, name, entry)]));
  return new Map([...document].map(([name, entries]) => [name, maskSection(name, entries)]));
}
