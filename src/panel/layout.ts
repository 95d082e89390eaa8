import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { html } from 'ghtml';

const stylesheet = readFileSync(new URL('./assets/style.css', import.meta.url), 'utf8');

/** A handset's ring in three strokes; the fill is left to each place. */
const markPaths =
  '<circle cx="12" cy="12" r="3.5"/><path d="M5.6 18.4a9 9 0 0 1 0-12.8M18.4 5.6a9 9 0 0 1 0 12.8" fill="none" stroke-width="2.5" stroke-linecap="round"/>';
const icon = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="#0c7a6b" stroke="#0c7a6b">${markPaths}</svg>`,
)}`;

/** What our pages need, which is themselves: one stylesheet known by its hash, pictures as data, forms to where they came from. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(stylesheet).digest('base64')}'`,
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface Layout {
  readonly title: string;
  /** One sentence, for link previews. */
  readonly description?: string;
  /** `narrow` for one thing to do, `text` to read, `manual` with a list of contents beside it. */
  readonly width: 'narrow' | 'text' | 'manual';
  /** Where the name in the page's head leads; nowhere without it. */
  readonly home?: string;
  /** HTML, already escaped. */
  readonly main: string;
  /** HTML, already escaped: the list of contents. */
  readonly contents?: string;
}

/** A whole HTML document; the only place that knows what surrounds a page. */
export function layout({ title, description, width, home, main, contents }: Layout): string {
  const name = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">!${markPaths}</svg>Ringup`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex,nofollow,noarchive">
!${description === undefined ? '' : html`<meta name="description" content="${description}">`}
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${icon}">
<style>!${stylesheet}</style>
</head>
<body class="${width}">
<header class="top">!${home === undefined ? html`<span class="brand">!${name}</span>` : html`<a class="brand" href="${home}">!${name}</a>`}</header>
!${contents ?? ''}
<main>
!${main}
</main>
</body>
</html>
`;
}

/** The path before our own ones, for links that hold on whatever host the page was opened. */
export function pathPrefixOf(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/$/, '');
}
