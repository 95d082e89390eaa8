import { html } from 'ghtml';
import type { App } from '../../app.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { openEndpoint } from '../../http/route.ts';
import { onceFor } from '../../lib/once-for.ts';
import { layout, pathPrefixOf } from '../layout.ts';
import { breakable } from '../parts/prose.ts';

export const showProvisioningManual = openEndpoint({
  summary: 'The manual of provisioning',
  produces: ['text/html'],
  handle: ({ app, reply }) => sendPage(reply, pageOf(app)),
});

const pageOf = onceFor(({ publicUrl }: App) => provisioningManualPage(publicUrl));

/** What a phone, and whoever sets one up, may ask of the addresses under `/provisioning`. */
export function provisioningManualPage(publicUrl: string): Page {
  const prefix = pathPrefixOf(publicUrl);
  const authentication = html`<a href="${prefix}/api#about--auth">proves who is calling</a>`;
  const main = html`<h1>How phones are set up</h1>
<p class="lead">Linphone fetches its whole configuration from one address. That address carries a token; the token stands for one account, and is good for one phone.</p>
<ol class="steps">
<li><h2>A token is issued</h2><p>Making an account by <a href="${prefix}/api">the API</a> or the command <code>ringup account add</code> issues one. An account has one valid token at a time: a newer one ends the older.</p></li>
<li><h2>Its address is handed over</h2><p>As a QR code for the scanner in Linphone’s assistant, as a link that begins with <code>linphone-config:</code>, or as text to paste. Opened in a browser, the address shows all three.</p></li>
<li><h2>Linphone fetches it</h2><p>It gets an XML document, stores it, and registers. The account is activated, and the token is used up.</p></li>
</ol>

<section aria-labelledby="addresses">
<h2 id="addresses">The addresses</h2>
<p>Each begins with <code>!${breakable(publicUrl)}</code>.</p>

!${address('base', '/provisioning', html`<p>The configuration of a phone without an account: the settings of this server and of the space. Anyone may fetch it, any number of times.</p>`)}
!${address(
    'token',
    '/provisioning/{token}',
    html`<p>With a valid token: the same with the account in it. This activates the account and uses the token up.</p>
<p>With any other – unknown, used, expired, replaced, of a blocked account – the answer is that of <code>/provisioning</code>, byte for byte, so that nothing can be told from it. A space may choose 404 instead.</p>
<p>A browser, which is what asks for <code>text/html</code>, gets a page with the QR code, the link and the address. It uses nothing up.</p>`,
  )}
!${address(
    'reset-password',
    '/provisioning/{token}?reset_password',
    html`<p>Also gives the account a new random password, which only this phone gets to know. The parameter counts by its presence, whatever its value. Without a valid token it does nothing.</p>`,
  )}
!${address(
    'qrcode',
    '/provisioning/qrcode/{token}',
    html`<p>The QR code of a valid token’s address, as PNG, or with <code>format=svg</code> as SVG; <code>size</code> is its width in pixels, 100 to 2000. With <code>reset_password</code> the address in the code has it too. That address also stands in the header <code>X-Qrcode-URL</code>. For any other token: 404. Showing the code never uses the token up.</p>`,
  )}
!${address(
    'me',
    '/provisioning/me',
    html`<p>The configuration with the caller’s own account, every time. The request !${authentication}: an API key, or HTTP Digest with the account’s password, which Linphone does by itself. 401 without that; 403 where the account is blocked or not activated yet. <code>reset_password</code> does nothing here.</p>`,
  )}
!${address(
    'auth-token',
    '/provisioning/auth_token/{auth_token}',
    html`<p>For a second device: it asks for an auth token and shows it; the first device, which !${authentication}, attaches it; the second then fetches its configuration here. The auth token works once and for 10 minutes. Not attached, used or unknown: 404. <a href="${prefix}/api#group-sign-in-by-code">The calls for it</a> are in the manual of the API.</p>`,
  )}
</section>

<section aria-labelledby="used-up">
<h2 id="used-up">What uses a token up</h2>
<p>One thing: a <code>GET</code> by which a phone was answered. Of several at the same moment exactly one gets the account. These do not:</p>
<ul>
<li>opening the address in a browser, or a browser that looks ahead (<code>Sec-Purpose: prefetch</code>);</li>
<li><code>HEAD</code>, <code>OPTIONS</code> and every other method;</li>
<li>showing the QR code;</li>
<li>an answer that failed on our side: token, account and password stay as they were;</li>
<li>an answer that was lost. If the connection breaks before the phone has it all, the same address answers again for five minutes, up to three times.</li>
</ul>
<p>A token also ends when it expires, when a newer one is issued, and when its account is deactivated or blocked.</p>
</section>

<section aria-labelledby="digest">
<h2 id="digest">HTTP Digest</h2>
<p>A phone that has its account can <a href="${prefix}/api#about--auth">prove who it is</a> by HTTP Digest, MD5 or SHA-256, with what it was given as the account’s password. Linphone names the account in <code>From</code>, and is challenged for the algorithms that it was given.</p>
<pre><code>${`curl --digest --user alice:PASSWORD \\
  -H 'From: sip:alice@sip.example.com' \\
  ${publicUrl}/provisioning/me`}</code></pre>
</section>

<section aria-labelledby="later">
<h2 id="later">After the first time</h2>
<p>The space decides whether a phone asks again. By default it does not: Linphone forgets the address once it succeeded. With <code>refetch</code> set to <code>every-start</code> it asks <code>/provisioning/me</code> each time it starts, and so gets every change; with <code>client</code> it decides itself.</p>
</section>`;
  return { html: layout({ title: 'How phones are set up – Ringup', width: 'text', prefix, leadsHome: true, main }) };
}

/** `description` is HTML, already escaped. */
function address(id: string, path: string, description: string): string {
  return html`<section class="operation" id="${id}">
<h3><span class="method get">GET</span> <code>!${breakable(path)}</code></h3>
!${description}
</section>`;
}
