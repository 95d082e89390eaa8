import { html } from 'ghtml';
import type { Reader } from '../reader.ts';

/** A changed entry, with secrets masked. */
export interface ShownChange {
  readonly section: string;
  readonly entry: string;
  readonly before?: { readonly value: string };
  readonly after?: { readonly value: string };
}

/** Returns the changed entries, each with its values before and after. */
export function difference({ t }: Reader, changes: readonly ShownChange[]): string {
  if (changes.length === 0) return html`<p class="soft">${t('difference.none')}</p>`;
  const items = changes.map(
    ({ section, entry, before, after }) =>
      html`<li><code>[${section}] ${entry}</code>!${before === undefined ? '' : html`<del><span class="hidden">${t('difference.before')} </span>${before.value}</del>`}!${after === undefined ? '' : html`<ins><span class="hidden">${t('difference.after')} </span>${after.value}</ins>`}</li>`,
  );
  return html`<ul class="difference">!${items}</ul>`;
}
