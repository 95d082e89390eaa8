import { html } from 'ghtml';
import type { Page } from '../../http/page.ts';
import { htmlPage, wordmark } from '../html-page.ts';
import { languageLinks } from '../layout.ts';
import type { Reader } from '../reader.ts';

/** Returns a narrow page without navigation, for people who are not signed in. `main` is HTML, already escaped. */
export function plainPage(
  { language, prefix }: Reader,
  { title, main, status }: { readonly title: string; readonly main: string; readonly status?: number },
): Page {
  const body = html`<header class="top">!${wordmark(prefix)}!${languageLinks(language, '')}</header>
<main>
<h1>${title}</h1>
!${main}
</main>`;
  const page = { language, title: `${title} – Ringup`, className: 'sign-in', prefix, body };
  return {
    html: htmlPage(page),
    ...(status === undefined ? {} : { status }),
  };
}
