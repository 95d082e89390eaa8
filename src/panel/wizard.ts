import { html } from 'ghtml';
import type { Caller } from '../access/caller.ts';
import type { Page } from '../http/page.ts';
import { copyScript, liveScript } from './assets.ts';
import { htmlPage, wordmark } from './html-page.ts';
import type { Reader } from './reader.ts';

/** The steps of the setup. The first three come before anybody can sign in. */
const questions = ['domain', 'registrar', 'administrator', 'address', 'phone', 'mail'] as const;

/** Returns the line above a step, such as *Step 2 of 6*. */
export function questionLine({ t }: Pick<Reader, 't'>, question: (typeof questions)[number]): string {
  const number = questions.indexOf(question) + 1;
  return html`<p class="above">${t('welcome.step', { number, count: questions.length })}</p>`;
}

/** Returns a page of the setup for a person who is signed in. `main` is HTML, already escaped. */
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
  return { html: htmlPage({ ...page, scripts: [liveScript, copyScript] }) };
}
