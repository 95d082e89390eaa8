/** Where an entry came from: its layer, and its place there if the layer is a text. Lines and columns count from 1. */
export interface Origin {
  readonly layer: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** The value of a key. Without `overwrite`, a phone keeps the value that it already has. */
export interface Entry {
  readonly value: string;
  readonly overwrite: boolean;
  readonly origin?: Origin;
}

/**
 * Entries by name, in the order in which they were first mentioned. It is a Map, because an object would move names
 * like `0` to the front.
 */
export type Section = ReadonlyMap<string, Entry>;

/** Sections by name, in the order in which they were first mentioned. */
export type Document = ReadonlyMap<string, Section>;

/**
 * Creates a document from an object: `documentOf({ sip: { media_encryption: 'srtp' } })`. Entries overwrite by default.
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
 * Merges layers into one document. An entry replaces the entry of a lower layer with the same section and name, and
 * takes its position.
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
