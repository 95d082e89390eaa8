import { html } from 'ghtml';
import { assetPath, stylesheet } from './assets.ts';

/** The logo in three strokes. Each use sets its own fill. */
const markPaths =
  '<circle cx="12" cy="12" r="3.5"/><path d="M5.6 18.4a9 9 0 0 1 0-12.8M18.4 5.6a9 9 0 0 1 0 12.8" fill="none" stroke-width="2.5" stroke-linecap="round"/>';
const icon = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="#0c7a6b" stroke="#0c7a6b">${markPaths}</svg>`,
)}`;

export interface Layout {
  readonly title: string;
  /** One sentence for link previews. */
  readonly description?: string;
  /** `narrow` for a task, `text` for reading, `manual` for a page with a table of contents. */
  readonly width: 'narrow' | 'text' | 'manual';
  /** The path prefix of the public URL, with which links to our own pages begin. */
  readonly prefix: string;
  /** Whether the name at the top of the page links to `/`. */
  readonly leadsHome?: boolean;
  /** HTML, already escaped. */
  readonly main: string;
  /** HTML, already escaped: the table of contents. */
  readonly contents?: string;
}

/** Returns a whole HTML document. Nothing else knows what surrounds the content of a page. */
export function layout({ title, description, width, prefix, leadsHome = false, main, contents }: Layout): string {
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
<link rel="stylesheet" href="${assetPath(prefix, stylesheet)}">
</head>
<body class="${width}">
<header class="top">!${leadsHome ? html`<a class="brand" href="${prefix}/">!${name}</a>` : html`<span class="brand">!${name}</span>`}</header>
!${contents ?? ''}
<main>
!${main}
</main>
</body>
</html>
`;
}

/** Returns the path prefix of the public URL, for links that work on every host. */
export function pathPrefixOf(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/$/, '');
}
