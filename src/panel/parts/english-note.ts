import { html } from 'ghtml';
import { type Language, translator } from '../../locale/translate.ts';

/** Long manuals exist in English only. Returns the line that says so, in another language, and otherwise nothing. */
export function englishNote(language: Language): string {
  if (language === 'en') return '';
  return html`<p class="hint" lang="${language}">${translator(language)('manual.inEnglish')}</p>`;
}
