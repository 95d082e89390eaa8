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
          overwrite: Type.Boolean({ description: "false: seeded, the user's own value stays." }),
          layer: Type.Union([Type.String(), Type.Null()], { description: 'Where the entry comes from.' }),
          file: Type.Union([Type.String(), Type.Null()], { description: 'Which text that is, if it is one.' }),
          line: Type.Union([Type.Integer(), Type.Null()], { description: 'Its line there.' }),
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
    { description: 'What is different from the document that a phone of the account last fetched.' },
  ),
  warnings: Type.Array(findingShape, { description: 'What the linter found in the document.' }),
});

/** In lists, because the order counts, and with the layer that each entry came from. */
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
