/** Where an entry came from: its layer, and its place there if the layer is a text. Lines and columns count from 1. */
export interface Origin {
  readonly layer: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** The value of one key. Without `overwrite`, the phone keeps a value that it already has. */
export interface Entry {
  readonly value: string;
  readonly overwrite: boolean;
  readonly origin?: Origin;
}

/** Entry name → entry, in order of first mention. A Map, because a record would move names like `0` to the front. */
export type Section = ReadonlyMap<string, Entry>;

/** Section name → section, in order of first mention. */
export type Document = ReadonlyMap<string, Section>;

/**
 * Returns the document of a literal: `documentOf({ sip: { media_encryption: 'srtp' } })`. Entries overwrite by default.
 */
export function documentOf(
  sections: Record<string, Record<string, string>>,
  options: { overwrite?: boolean; layer?: string } = {},
): Document {
  const { overwrite = true, layer } = options;
  const common = layer === undefined ? { overwrite } : { overwrite, origin: { layer } };
  return new Map(
    Object.entries(sections).map(([name, entries]) => [
      name,
      new Map(Object.entries(entries).map(([key, value]) => [key, { value, ...common }])),
    ]),
  );
}

/**
 * Merges layers into one document. An entry replaces that of a lower layer with the same section and name, in its
 * place.
 */
export function mergeDocuments(...layersLowestFirst: Document[]): Document {
  const merged = new Map<string, Section>();
  for (const layer of layersLowestFirst) {
    for (const [name, section] of layer) {
      const below = merged.get(name);
      merged.set(name, below === undefined ? section : mergeSections(below, section));
    }
  }
  return merged;
}

function mergeSections(below: Section, above: Section): Section {
  const merged = new Map(below);
  for (const [name, entry] of above) merged.set(name, entry);
  return merged;
}

export function findValue(document: Document, section: string, entry: string): string | undefined {
  return document.get(section)?.get(entry)?.value;
}
