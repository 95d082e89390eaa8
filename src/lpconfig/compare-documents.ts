import type { Document, Entry } from './document.ts';

/** One entry that two documents do not have in common; `before` is absent from what was added, `after` from what went. */
export interface EntryChange {
  readonly section: string;
  readonly entry: string;
  readonly before?: Entry;
  readonly after?: Entry;
}

/** What changes from one document to the other: value or `overwrite`; where an entry came from does not count. */
export function compareDocuments(before: Document, after: Document): EntryChange[] {
  const changes: EntryChange[] = [];
  for (const section of new Set([...before.keys(), ...after.keys()])) {
    const [old, fresh] = [before.get(section), after.get(section)];
    for (const entry of new Set([...(old?.keys() ?? []), ...(fresh?.keys() ?? [])])) {
      const [was, is] = [old?.get(entry), fresh?.get(entry)];
      if (was?.value === is?.value && was?.overwrite === is?.overwrite) continue;
      changes.push({
        section,
        entry,
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is }),
      });
    }
  }
  return changes;
}
