import { html } from 'ghtml';
import type { Caller } from '../access/caller.ts';
import type { Page } from '../http/page.ts';
import { copyScript, liveScript } from './assets.ts';
import { document, wordmark } from './document.ts';
import type { Reader } from './reader.ts';

/** Returns a page that asks one thing at a time, of somebody who is signed in. `main` is HTML, already escaped. */
export function wizardPage(
  { t, prefix, language, timeZone }: Reader,
  { account }: Caller,
  { title, main }: { readonly title: string; readonly main: string },
): Page {
  const body = html`<header class="top">!${wordmark(prefix)}<span class="small soft">${t('welcome.signedIn', { name: account.username })}</span></header>
<main>
!${main}
</main>`;
  const page = { language, title: `${title} – Ringup`, className: 'landing wizard', prefix, timeZone, body };
  return { html: document({ ...page, scripts: [liveScript, copyScript] }) };
}
