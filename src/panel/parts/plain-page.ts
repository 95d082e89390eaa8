import { html } from 'ghtml';
import type { Page } from '../../http/page.ts';
import type { Asset } from '../assets.ts';
import { document, wordmark } from '../document.ts';
import { languageLinks } from '../layout.ts';
import type { Reader } from '../reader.ts';

interface PlainPage {
  readonly title: string;
  /** HTML, already escaped. */
  readonly main: string;
  readonly status?: number;
  readonly scripts?: readonly Asset[];
}

/** Returns a narrow page without navigation, for people who are not signed in. */
export function plainPage({ language, prefix }: Reader, { title, main, status, scripts }: PlainPage): Page {
  const body = html`<header class="top">!${wordmark(prefix)}!${languageLinks(language, '')}</header>
<main>
<h1>${title}</h1>
!${main}
</main>`;
  return {
    html: document({ language, title: `${title} – Ringup`, className: 'sign-in', prefix, scripts, body }),
    ...(status === undefined ? {} : { status }),
  };
}
