import { html } from 'ghtml';
import { sessionCaller } from '../../http/authenticate.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { openEndpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { htmlPage, wordmark } from '../html-page.ts';
import { languageLinks } from '../layout.ts';
import { pageAfterSignIn } from '../next-page.ts';
import { type Reader, readerOf } from '../reader.ts';

export const showHome = openEndpoint({
  summary: 'Say what this server is; who is signed in goes on to where they begin',
  produces: ['text/html'],
  async handle({ app, request, reply }) {
    const caller = await sessionCaller(app, request);
    if (caller !== undefined) return seeOther(app, reply, pageAfterSignIn(caller.account));
    return sendPage(reply, homePage(readerOf(app, request, reply)));
  },
});

/** Returns the first page of the server, for people who are not signed in. */
export function homePage({ t, prefix, language }: Pick<Reader, 't' | 'prefix' | 'language'>): Page {
  const body = html`<header class="top">!${wordmark(prefix)}!${languageLinks(language, '')}</header>
<main><h1>${t('home.title')}</h1>
<p class="lead">${t('home.lead')}</p>
<p class="buttons"><a class="button" href="${prefix}/login">${t('home.signIn')}</a></p>
<ul class="ways">
<li><h2>${t('home.code')}</h2><p>${t('home.codeLine')}</p></li>
<li><h2><a href="${prefix}/provisioning/documentation">${t('home.phones')}</a></h2><p>${t('home.phonesLine')}</p></li>
<li><h2><a href="${prefix}/api">${t('home.api')}</a></h2><p>${t('home.apiLine')}</p></li>
</ul></main>`;
  return { html: htmlPage({ language, title: 'Ringup', className: 'reading', prefix, body }) };
}
