import { html } from 'ghtml';
import { type Language, type MessageKey, type Translate, translator } from '../../locale/translate.ts';

/** Converts text to HTML. Parts between backticks become `code` elements. */
export function prose(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? html`${part}` : html`<code>${part}</code>`))
    .join('');
}

/**
 * Returns a line that says that the text is in English only, for readers of other languages. Long manuals are not
 * translated.
 */
export function englishNote(language: Language): string {
  if (language === 'en') return '';
  return html`<p class="hint" lang="${language}">${translator(language)('manual.inEnglish')}</p>`;
}

/** Returns a name or address as HTML that may break after each separator, so that it fits on the screen of a phone. */
export function breakable(name: string): string {
  return name
    .split(/(?<=[/_.-])/)
    .map((part) => html`${part}`)
    .join('<wbr>');
}

const mark = '\u0000';

/** Returns a text from the catalogue as HTML. `parts` are HTML, already escaped; everything else is escaped. */
export function filled(t: Translate, key: MessageKey, parts: Readonly<Record<string, string>>): string {
  const names = Object.keys(parts);
  const marked = Object.fromEntries(names.map((name) => [name, `${mark}${name}${mark}`]));
  const pieces = t(key, marked).split(mark);
  return pieces.map((piece, index) => (index % 2 === 0 ? html`${piece}` : (parts[piece] ?? ''))).join('');
}
