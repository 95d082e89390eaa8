import { html } from 'ghtml';
import { type Asset, assetPath, sendOnceScript, stylesheet, timesScript } from './assets.ts';

/** The paths of our mark: a disc between two quarter arcs. */
export const markPaths =
  '<circle cx="12" cy="12" r="3.5" stroke="none"/><path d="M5.6 18.4a9 9 0 0 1 0-12.8M18.4 5.6a9 9 0 0 1 0 12.8" fill="none" stroke-width="2.5" stroke-linecap="round"/>';
const icon = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="#0a6a55" stroke="#0a6a55">${markPaths}</svg>`,
)}`;

/** Returns a whole HTML page. Its body must be escaped. */
export function htmlPage(of: {
  readonly language: string;
  readonly title: string;
  readonly className: string;
  readonly prefix: string;
  /** The time zone of the times on the page; undefined if it shows none. */
  readonly timeZone?: string | undefined;
  /** One sentence for link previews. */
  readonly description?: string | undefined;
  /** Whether the page reloads every few seconds in browsers without JavaScript. */
  readonly reloads?: boolean | undefined;
  /** Scripts that make the page more convenient. It must work without them. */
  readonly scripts?: readonly Asset[] | undefined;
  readonly body: string;
}): string {
  const scripts = [
    ...(of.timeZone === undefined ? [] : [timesScript]),
    ...(of.scripts ?? []),
    ...(of.body.includes('method="post"') ? [sendOnceScript] : []),
  ];
  return html`<!doctype html>
<html lang="${of.language}">
<head>
<meta charset="utf-8">
<title>${of.title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex,nofollow,noarchive">
!${of.description === undefined ? '' : html`<meta name="description" content="${of.description}">`}
!${of.timeZone === undefined ? '' : html`<meta name="time-zone" content="${of.timeZone}">`}
!${of.reloads === true ? '<noscript><meta http-equiv="refresh" content="3"></noscript>' : ''}
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="${assetPath(of.prefix, stylesheet)}">
!${scripts.map((script) => html`<script src="${assetPath(of.prefix, script)}" defer></script>`)}
</head>
<body class="${of.className}">
!${of.body}
</body>
</html>
`;
}

/** Our mark in the colours of the page. */
export const mark = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">!${markPaths}</svg>`;

/** Returns our mark and name as a link to the first page. */
export function wordmark(prefix: string): string {
  return html`<a class="wordmark" href="${prefix}/">!${mark}Ringup</a>`;
}
