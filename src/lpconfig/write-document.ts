import { AppError } from '../errors.ts';
import type { Document, Entry, Section } from './document.ts';
import { checkEntry, checkKey, checkName } from './rules.ts';

export const documentHead =
  '<?xml version="1.0" encoding="UTF-8"?>\n<config xmlns="http://www.linphone.org/xsds/lpconfig.xsd">\n';
export const documentTail = '</config>\n';

/** Returns the document as a phone fetches it. Throws `document-invalid` if a phone would misread it. */
export function writeDocument(document: Document): string {
  let xml = documentHead;
  for (const [name, section] of document) xml += writeSection(name, section);
  return xml + documentTail;
}

/**
 * Returns one section, for callers that cache the parts between `documentHead` and `documentTail`. Returns an empty
 * text for an empty section.
 */
export function writeSection(name: string, section: Section): string {
  if (section.size === 0) return '';
  const complaint = checkName(name);
  if (complaint !== undefined) throw new AppError('document-invalid', { why: 'section', section: name, complaint });
  let xml = `  <section name="${name}">\n`;
  for (const [key, entry] of section) xml += writeEntry(name, key, entry);
  return `${xml}  </section>\n`;
}

function writeEntry(section: string, name: string, entry: Entry): string {
  const open = entry.overwrite ? `    <entry name="${name}" overwrite="true">` : `    <entry name="${name}">`;
  return `${open}${writable(section, name, entry.value)}</entry>\n`;
}

// Most values are short and plain. A single test shows that they need no check and no escaping.
const notPlain = /[^ !#-%'-;=?-~]/;
const plainLength = 10_000;

function writable(section: string, name: string, value: string): string {
  if (typeof value === 'string' && value.length < plainLength && !notPlain.test(value) && checkKey(name) === undefined)
    return value;
  const complaint = checkEntry(name, value);
  if (complaint !== undefined)
    throw new AppError('document-invalid', { why: 'entry', section, entry: name, complaint });
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
