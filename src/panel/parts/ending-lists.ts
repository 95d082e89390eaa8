import { html } from 'ghtml';
import type { MessageKey } from '../../locale/translate.ts';
import type { Reader } from '../reader.ts';

/** Returns what ends at once and what stays, as sentences, for a page that asks before something ends. */
export function endingLists(
  { t }: Pick<Reader, 't'>,
  { ends, stays }: { readonly ends: readonly string[]; readonly stays: readonly string[] },
): string {
  const list = (key: MessageKey, lines: readonly string[]) =>
    html`<h2>${t(key)}</h2><ul class="points">!${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
  return html`!${list('ending.ends', ends)}!${list('ending.stays', stays)}`;
}
