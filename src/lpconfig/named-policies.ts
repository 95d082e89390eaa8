import type { Document } from './document.ts';
import type { KeyCatalogue } from './key-catalogue.ts';

/**
 * Returns the catalogue with the sections that a `nat_policy_ref` of the document names, such as
 * `nat_policy_default_values`. liblinphone takes the value as the name of a section first, and as the `ref` within a
 * `nat_policy_N` only if there is no such section.
 */
export function withNamedPolicies(catalogue: KeyCatalogue, document: Document): KeyCatalogue {
  const policy = catalogue.get('nat_policy_N');
  const names = [...document.values()]
    .flatMap((entries) => entries.get('nat_policy_ref')?.value ?? [])
    .filter((name) => document.has(name) && !catalogue.has(name));
  if (policy === undefined || names.length === 0) return catalogue;
  return new Map([...catalogue, ...names.map((name) => [name, policy] as const)]);
}
