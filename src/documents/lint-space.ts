import type { Document } from '../lpconfig/document.ts';
import type { KeyCatalogue } from '../lpconfig/key-catalogue.ts';
import { lintLinphonerc } from '../lpconfig/lint-linphonerc.ts';
import type { Finding } from '../lpconfig/lint-rules.ts';
import type { Space } from '../spaces/space.ts';
import { externalIdkey } from './account-layer.ts';

/** The `idkey`s that documents of accounts have besides those of the texts. */
export const addedIdkeys: readonly string[] = [externalIdkey];

/** What findings and origins call a space's own text. */
export function spaceTextName(space: Space): string {
  return `space ${space.domain}`;
}

/** What is wrong or odd in a space's own text, laid over the instance's. */
export function lintSpace(space: Space, instance: Document, catalogue: KeyCatalogue): Finding[] {
  return lintLinphonerc(space.linphonerc, {
    file: spaceTextName(space),
    below: instance,
    catalogue,
    idkeys: addedIdkeys,
  });
}
