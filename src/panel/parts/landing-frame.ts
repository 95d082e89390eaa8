import { html } from 'ghtml';
import { logoOf } from '../../spaces/logo.ts';
import type { Space } from '../../spaces/space.ts';
import type { Asset } from '../assets.ts';
import { languageLinks, layout } from '../layout.ts';
import type { Reader } from '../reader.ts';
import { logoPath } from './logo-path.ts';

interface Framed {
  readonly title: string;
  readonly width: 'reading' | 'landing';
  readonly scripts?: readonly Asset[];
  /** HTML, already escaped. */
  readonly main: string;
}

/** Returns a page for colleagues. Its head has the logo and the name of their space instead of ours. */
export function landingFrame(
  { reader, url }: { readonly reader: Reader; readonly url: string },
  space: Space,
  page: Framed,
): string {
  const { language, prefix, timeZone } = reader;
  return layout({
    ...page,
    title: `${page.title} – ${space.name}`,
    language,
    prefix,
    timeZone,
    brand: html`<span class="brand">!${logo(prefix, space)}<bdi>${space.name}</bdi></span>`,
    end: languageLinks(language, url),
  });
}

/** Returns the logo without alternative text, because the name is beside it. */
function logo(prefix: string, space: Space): string {
  const found = logoOf(space);
  if (found === undefined) return '';
  const { width, height } = found;
  return html`<img class="logo" src="${logoPath(prefix, found)}" width="${width}" height="${height}" alt="">`;
}

/** Returns the contact of the space as one line for the end of a page. */
export function helpLine({ t }: Reader, contactText: string | null): string {
  const lines = contactLines(contactText ?? '');
  return lines.length === 0 ? '' : html`<p class="hint">${t('landing.help')} !${lines.join(', ')}</p>`;
}

/** Matches a mail address, or a phone number of at least six digits. */
const reachable = /((?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\+?\d[\d ()/.-]{4,}\d)/;

/** Returns the lines of the space's contact as HTML. Mail addresses and phone numbers become links. */
export function contactLines(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(reachable).map(part).join(''));
}

function part(text: string, index: number): string {
  if (index % 2 === 0) return html`${text}`;
  const href = text.includes('@') ? `mailto:${text}` : `tel:${text.replace(/[^+\d]/g, '')}`;
  return html`<a href="${href}">${text}</a>`;
}
