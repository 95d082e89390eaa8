import type { Document, Entry, Section } from '../lpconfig/document.ts';

/** Entries whose values are credentials. */
const secretEntry = /^(ha1|passwd|password|config-uri-header_\d+)$/;

export function isSecretEntry(name: string): boolean {
  return secretEntry.test(name);
}

/** It is half of what a device signs in with, and each device of an account has another one. */
const deviceInAddress = /\?device=\w+$/;

/** Returns the document with each secret value masked, and without the device in the provisioning address. Empty values, which only delete, stay unchanged. */
export function maskDocument(document: Document, mask: (value: string) => string): Document {
  const masked = (name: string, entry: Entry): Entry => {
    if (name === 'config-uri') return { ...entry, value: entry.value.replace(deviceInAddress, '') };
    return isSecretEntry(name) && entry.value !== '' ? { ...entry, value: mask(entry.value) } : entry;
  };
  const maskSection = (section: Section): Section =>
    new Map([...section].map(([name, entry]) => [name, masked(name, entry)]));
  return new Map([...document].map(([name, section]) => [name, maskSection(section)]));
}
