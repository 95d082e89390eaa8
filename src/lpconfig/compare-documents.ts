import type { Document, Entry } from './document.ts';

/** An entry that differs between two documents. `before` is missing for an added entry, `after` for a removed one. */
export interface EntryChange {
  readonly section: string;
  readonly entry: string;
  readonly before?: Entry;
  readonly after?: Entry;
}

/** Returns the entries whose value or `overwrite` differs. Origins are not compared. */
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
