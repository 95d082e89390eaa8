import { html } from 'ghtml';
import type { MessageKey } from '../../locale/translate.ts';
import type { Reader } from '../reader.ts';
import { shape } from './shape.ts';

/** Returns the banner about what was just done. `undo` is HTML, already escaped. */
export function doneBanner(text: string | undefined, undo = ''): string {
  if (text === undefined) return '';
  return html`<div class="banner" role="status">!${shape('done')}<span>${text}</span>!${undo}</div>`;
}

/** Returns the sentence about what was done before a redirect, by the word in the query. */
export function doneSentence(
  { t }: Reader,
  done: string | null,
  sentences: Readonly<Record<string, MessageKey>>,
): string | undefined {
  const key = done !== null && Object.hasOwn(sentences, done) ? sentences[done] : undefined;
  return key === undefined ? undefined : t(key);
}
