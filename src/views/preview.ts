import { Type } from 'typebox';
import type { Preview } from '../documents/preview-document.ts';
import { findingShape } from './finding.ts';

export const previewAnswer = Type.Object({
  sections: Type.Array(
    Type.Object({
      name: Type.String(),
      entries: Type.Array(
        Type.Object({
          name: Type.String(),
          value: Type.String({ description: 'Secrets are masked.' }),
          overwrite: Type.Boolean({ description: "false if the entry is seeded: the user's own value stays." }),
          layer: Type.Union([Type.String(), Type.Null()], { description: 'The layer that the entry comes from.' }),
          file: Type.Union([Type.String(), Type.Null()], {
            description: 'The text that the entry comes from, if any.',
          }),
          line: Type.Union([Type.Integer(), Type.Null()], { description: 'Its line in this text.' }),
        }),
      ),
    }),
  ),
  last_fetched_at: Type.Union([Type.String(), Type.Null()]),
  changes: Type.Array(
    Type.Object({
      section: Type.String(),
      name: Type.String(),
      before: Type.Union([Type.String(), Type.Null()]),
      after: Type.Union([Type.String(), Type.Null()]),
    }),
    { description: 'The differences from the document that a phone of the account last fetched.' },
  ),
  warnings: Type.Array(findingShape, { description: 'What the linter found in the document.' }),
});

/** Returns sections and entries as lists, because their order matters. */
export function previewJson({ document, lastFetchedAt, changes, warnings }: Preview) {
  return {
    sections: [...document].map(([name, entries]) => ({
      name,
      entries: [...entries].map(([entry, { value, overwrite, origin }]) => ({
        name: entry,
        value,
        overwrite,
        layer: origin?.layer ?? null,
        file: origin?.file ?? null,
        line: origin?.line ?? null,
      })),
    })),
    last_fetched_at: lastFetchedAt === null ? null : new Date(lastFetchedAt).toISOString(),
    changes: changes.map(({ section, entry, before, after }) => ({
      section,
      name: entry,
      before: before?.value ?? null,
      after: after?.value ?? null,
    })),
    warnings,
  };
}
