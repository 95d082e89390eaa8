import { html } from 'ghtml';
import { type Page, sendPage } from '../../http/page.ts';
import { openEndpoint } from '../../http/route.ts';
import { onceFor } from '../../lib/once-for.ts';
import { type Language, translator } from '../../locale/translate.ts';
import { languageLinks, layout, pathPrefixOf } from '../layout.ts';
import { breakable, englishNote } from '../parts/prose.ts';
import { readerOf } from '../reader.ts';

export const showProvisioningManual = openEndpoint({
  summary: 'Show the manual of provisioning',
  needsNoDatabase: true,
  produces: ['text/html'],
  handle: ({ app, request, reply }) =>
    sendPage(reply, pagesIn[readerOf(app, request, reply).language](app.address.current)),
});

const pageIn = (language: Language) =>
  onceFor(({ url }: { readonly url: string }) => provisioningManualPage(url, language));
const pagesIn = { en: pageIn('en'), fr: pageIn('fr') } satisfies Record<Language, unknown>;

/**
 * Returns the manual of the addresses under `/provisioning`, for people who set up phones. Its text is in English;
 * headings are in `language`, and a line says so.
 */
export function provisioningManualPage(publicUrl: string, language: Language = 'en'): Page {
  const t = translator(language);
  const prefix = pathPrefixOf(publicUrl);
  const authentication = html`<a href="${prefix}/api#about--auth">authenticates</a>`;
  const main = html`<h1 lang="${language}">${t('home.phones')}</h1>
!${englishNote(language)}
<p class="lead">Linphone fetches its whole configuration from one address. The address contains a token, which belongs to one account and works for one phone.</p>
<ol class="steps">
<li><h2 lang="${language}">${t('manual.issued')}</h2><p>Creating an account with <a href="${prefix}/api">the API</a> or the command <code>./ringup account add</code> issues one. An account has one valid token at a time: a new one replaces the old one.</p></li>
<li><h2 lang="${language}">${t('manual.passedOn')}</h2><p>As a QR code for the scanner in Linphone’s assistant, as a link that begins with <code>linphone-config:</code>, or as text to paste. In a browser, the address shows all three.</p></li>
<li><h2 lang="${language}">${t('manual.fetched')}</h2><p>It gets an XML document, stores it, and registers. The account is activated, and the token is used up.</p></li>
</ol>

<section aria-labelledby="addresses">
<h2 id="addresses" lang="${language}">${t('manual.addresses')}</h2>
<p>All addresses begin with <code>!${breakable(publicUrl)}</code>.</p>

!${address('base', '/provisioning', html`<p>The configuration of a phone without an account: the settings of this server and of the space. Anyone can fetch it, any number of times.</p>`)}
!${address(
    'token',
    '/provisioning/{token}',
    html`<p>With a valid token: the same with the account in it. This activates the account and uses the token up.</p>
<p>With any other token (unknown, used, expired, replaced, or of a blocked account), the answer is exactly that of <code>/provisioning</code>, so that it reveals nothing. A space can choose 404 instead.</p>
<p>A browser, which accepts <code>text/html</code>, gets a page with the QR code, the link and the address. This does not use the token up.</p>`,
  )}
!${address(
    'reset-password',
    '/provisioning/{token}?reset_password',
    html`<p>Also gives the account a new random password. This phone gets it, and phones with a device key at their next start; all others need a new code. Only the presence of the parameter counts, not its value. Without a valid token, it does nothing.</p>`,
  )}
!${address(
    'qrcode',
    '/provisioning/qrcode/{token}',
    html`<p>The QR code with the address of a valid token, as PNG or, with <code>format=svg</code>, as SVG. <code>size</code> is its width in pixels, from 100 to 2000. With <code>reset_password</code>, the address in the code has this parameter too. The header <code>X-Qrcode-URL</code> contains the same address. For any other token, the answer is 404. Showing the code never uses the token up.</p>`,
  )}
!${address(
    'me',
    '/provisioning/me',
    html`<p>The configuration with the caller’s own account, any number of times. The request !${authentication} with an API key, or with HTTP Digest and the account’s password, which Linphone does by itself. Otherwise the answer is 401, or 403 if the account is blocked or not activated yet. If the space requires the header <code>X-Linphone-Provisioning</code>, the answer without it is 400. <code>reset_password</code> does nothing here.</p>`,
  )}
!${address(
    'auth-token',
    '/provisioning/auth_token/{auth_token}',
    html`<p>For a second device. It requests an auth token and shows it. The first device, which !${authentication}, attaches it. Then the second device fetches its configuration here. The auth token works once, within 10 minutes. If it is not attached, used or unknown, the answer is 404. <a href="${prefix}/api#group-auth-tokens">The calls for it</a> are in the manual of the API.</p>`,
  )}
</section>

<section aria-labelledby="used-up">
<h2 id="used-up" lang="${language}">${t('manual.usedUp')}</h2>
<p>Only a <code>GET</code> that a phone sends and that is answered. If several arrive at the same time, exactly one gets the account. These do not use the token up:</p>
<ul>
<li>opening the address in a browser, or a browser that prefetches it (<code>Sec-Purpose: prefetch</code>);</li>
<li>a link preview of a chat, a mail scanner or another program that opens links by itself, if Ringup recognises it;</li>
<li><code>HEAD</code>, <code>OPTIONS</code> and every other method;</li>
<li>showing the QR code;</li>
<li>an answer that failed on the server: token, account and password stay as they were;</li>
<li>an answer that was lost. If the connection breaks before the phone has the whole answer, the same address works again for five minutes, up to three times.</li>
</ul>
<p>A token also becomes invalid when it expires or is revoked, when a newer one is issued, and when its account is deactivated or blocked.</p>
</section>

<section aria-labelledby="digest">
<h2 id="digest">HTTP Digest</h2>
<p>A phone that has its account can <a href="${prefix}/api#about--auth">authenticate</a> with HTTP Digest, with MD5 or SHA-256 and the credentials that it got. Linphone names the account in <code>From</code>, and is challenged for the algorithms that it got.</p>
<pre><code>${`curl --digest --user alice:PASSWORD \\
  -H 'From: sip:alice@sip.example.com' \\
  ${publicUrl}/provisioning/me`}</code></pre>
</section>

<section aria-labelledby="later">
<h2 id="later" lang="${language}">${t('manual.later')}</h2>
<p>The setting <code>refetch</code> of the space decides whether a phone fetches its configuration again. By default it does not: Linphone forgets the address after it succeeded. With <code>every-start</code>, it fetches <code>/provisioning/me</code> each time it starts, and so gets every change. With <code>client</code>, the phone decides.</p>
</section>`;
  const title = `${t('home.phones')} – Ringup`;
  const end = languageLinks(language, '');
  return {
    html: layout({ title, language, mainLanguage: 'en', width: 'reading', prefix, leadsHome: true, end, main }),
  };
}

/** `description` is HTML, already escaped. */
function address(id: string, path: string, description: string): string {
  return html`<section class="operation" id="${id}">
<h3><span class="method get">GET</span> <code>!${breakable(path)}</code></h3>
!${description}
</section>`;
}
