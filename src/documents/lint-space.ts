import type { Document } from '../lpconfig/document.ts';
import { loadKeyCatalogue } from '../lpconfig/key-catalogue.ts';
import { lintLinphonerc } from '../lpconfig/lint-linphonerc.ts';
import type { Finding } from '../lpconfig/lint-rules.ts';
import type { Space } from '../spaces/space.ts';
import { externalIdkey } from './account-layer.ts';

/** The `idkey`s that account documents have beside those in the linphonerc texts. */
export const addedIdkeys: readonly string[] = [externalIdkey];

/** Returns how findings and origins name a space's own text. */
export function spaceTextName(space: Space): string {
  return `space ${space.domain}`;
}

/** Lints a space's own text on top of the instance's text. */
export async function lintSpace(space: Space, instance: Document): Promise<Finding[]> {
  const catalogue = await loadKeyCatalogue();
  return lintLinphonerc(space.linphonerc, {
    file: spaceTextName(space),
    below: instance,
    catalogue,
    idkeys: addedIdkeys,
  });
}
