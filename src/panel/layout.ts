import { html } from 'ghtml';
import { queryWithoutLanguage } from '../http/client-facts.ts';
import { type Language, languages, translator } from '../locale/translate.ts';
import type { Asset } from './assets.ts';
import { htmlPage, mark, wordmark } from './html-page.ts';

export interface Layout {
  readonly title: string;
  /** English by default. */
  readonly language?: Language;
  /** The language of the text if it differs from that of the page. */
  readonly mainLanguage?: Language;
  /** One sentence for link previews. */
  readonly description?: string;
  /**
   * `reading` for text and forms, `landing` for steps beside a QR code, `manual` for a page with a table of contents.
   */
  readonly width: 'reading' | 'landing' | 'manual';
  /** The time zone of the times on the page; by default, it shows none. */
  readonly timeZone?: string;
  /** The path prefix of the public URL, with which all links to our own pages begin. */
  readonly prefix: string;
  /** Whether our name at the top of the page links to `/`. */
  readonly leadsHome?: boolean;
  /** HTML, already escaped, that replaces our name at the top. */
  readonly brand?: string;
  /** HTML, already escaped, for the end of the first line. */
  readonly end?: string;
  /** Scripts that make the page more convenient. It must work without them. */
  readonly scripts?: readonly Asset[];
  /** HTML, already escaped. */
  readonly main: string;
  /** The table of contents as HTML, already escaped. */
  readonly contents?: string;
}

/** Returns a whole HTML document for a page without navigation. */
export function layout(of: Layout): string {
  const {
    title,
    language = 'en',
    description,
    width,
    prefix,
    timeZone,
    leadsHome = false,
    scripts,
    mainLanguage = language,
  } = of;
  const ourName = leadsHome ? wordmark(prefix) : html`<span class="wordmark">!${mark}Ringup</span>`;
  const body = html`<header class="top">!${of.brand ?? ourName}!${of.end ?? ''}</header>
!${of.contents ?? ''}
<main!${mainLanguage === language ? '' : html` lang="${mainLanguage}"`}>
!${of.main}
</main>`;
  return htmlPage({ language, title, className: width, prefix, timeZone, description, scripts, body });
}

/** Returns links to the page at `url` in the other languages. */
export function languageLinks(current: Language, url: string): string {
  const rest = queryWithoutLanguage(url).slice(1);
  return languages
    .filter((language) => language !== current)
    .map((language) => {
      const href = `?lang=${language}${rest === '' ? '' : `&${rest}`}`;
      return html`<a class="other-language" href="${href}" lang="${language}" hreflang="${language}">${translator(language)('language.name')}</a>`;
    })
    .join(' ');
}

export { pathPrefixOf } from '../lib/web-address.ts';
