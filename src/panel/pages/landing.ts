import type { FastifyReply } from 'fastify';
import { html } from 'ghtml';
import { isLoopback } from '../../config/public-url.ts';
import { type Page, sendPage } from '../../http/page.ts';
import type { Sent } from '../../http/sent.ts';
import { qrSvg } from '../../lib/qr-code.ts';
import { layout } from '../layout.ts';
import { copyField } from '../parts/copy-field.ts';

/** What the page of a code shows. */
export interface Invitation {
  /** The name of the space. */
  readonly name: string;
  /** The address in the code, which Linphone fetches. */
  readonly url: string;
}

/** Returns the pages at the addresses that phones fetch, for a server with this path prefix. */
export function codePages(prefix: string) {
  const preview = previewPage(prefix);
  const notValid = landingPage(prefix, undefined);
  return {
    sendLandingPage: (reply: FastifyReply, invitation: Invitation | 'too-many-devices' | undefined): Sent =>
      sendPage(
        reply.header('referrer-policy', 'no-referrer').header('vary', 'Accept'),
        invitation === undefined ? notValid : landingPage(prefix, invitation),
      ),
    sendPreviewPage: (reply: FastifyReply): Sent => sendPage(reply.header('vary', 'Accept'), preview),
  };
}

/**
 * Returns what a browser sees at the address where Linphone gets its configuration. `undefined` means that the code is
 * not valid. `too-many-devices` means that it is valid, but its account has no room for another phone.
 */
export function landingPage(prefix: string, invitation: Invitation | 'too-many-devices' | undefined): Page {
  if (invitation === 'too-many-devices') return { html: withoutRoom(prefix) };
  return { html: invitation === undefined ? withoutCode(prefix) : withCode(prefix, invitation) };
}

function withCode(prefix: string, { name, url }: Invitation): string {
  const code = Buffer.from(qrSvg(url)).toString('base64');
  const main = html`<h1>Set up Linphone for ${name}</h1>
<p class="lead">The code on this page sets up one phone, in three steps.</p>
!${warnings(url)}
<div class="invitation">
<ol class="steps">
!${getLinphone}
<li>
<h2>Give Linphone the code</h2>
<p><a class="button" href="linphone-config:${url}">Open in Linphone</a></p>
<p>This works if Linphone is installed on this device. On another device, open Linphone, choose <b>Scan QR code</b> in its assistant, and scan the code on this page.</p>
!${ownScanner}
</li>
!${ready}
</ol>
<figure class="code">
<img src="data:image/svg+xml;base64,${code}" width="264" height="264" alt="QR code with the address that Linphone fetches. The same address is shown as text below.">
<figcaption>Scan with <b>Linphone</b>.<br>Works once.</figcaption>
</figure>
</div>
<section class="card" aria-labelledby="by-hand">
<h2 id="by-hand">Or by hand</h2>
!${copyField({
    id: 'address',
    label: 'Address of the configuration',
    value: url,
    hint: 'Copy it. In Linphone’s assistant, choose <b>Fetch remote configuration</b>, which some versions call <b>Remote provisioning</b>.',
  })}
</section>
!${notes(url)}`;
  return layout({ title: `Set up Linphone for ${name}`, width: 'narrow', prefix, main });
}

function withoutCode(prefix: string): string {
  const main = html`<h1>This code is not valid</h1>
<p class="lead">It was used, has expired, was replaced by a newer one, or never existed.</p>
<p class="notice calm">Phones that are already set up are not affected.</p>
<ol class="steps">
<li><h2>Ask for a new code</h2><p>Ask the person who gave you this one, usually the administrator of your phone system.</p></li>
<li><h2>Scan it with Linphone</h2><p>Open Linphone and choose <b>Scan QR code</b> in its assistant.</p>!${ownScanner}</li>
!${ready}
</ol>`;
  return layout({ title: 'This code is not valid', width: 'narrow', prefix, main });
}

function withoutRoom(prefix: string): string {
  const main = html`<h1>No room for another phone</h1>
<p class="lead">This code is valid, but its account is already set up on the maximum number of phones.</p>
<p class="notice calm">Phones that are already set up are not affected.</p>
<ol class="steps">
<li><h2>Make room for it</h2><p>Ask the person who gave you this code, usually the administrator of your phone system, to remove the account from a phone that you no longer use, or to allow more phones.</p></li>
<li><h2>Open this address again</h2><p>The code has not been used up.</p></li>
!${ready}
</ol>`;
  return layout({ title: 'No room for another phone', width: 'narrow', prefix, main });
}

/** For programs that open links by themselves. It is the same for every address, and also helps people who get it. */
export function previewPage(prefix: string): Page {
  const main = html`<h1>Set up Linphone</h1>
<p class="lead">At this address is a code that sets up one phone. It is not shown here, because this page is for link previews and link scanners.</p>
<p>To see the code, open the address in a browser such as Chrome, Firefox or Safari. Or copy the address and, in Linphone’s assistant, choose <b>Fetch remote configuration</b>.</p>`;
  const description = 'Open this address on your phone or computer to set up Linphone.';
  return { html: layout({ title: 'Set up Linphone', description, width: 'narrow', prefix, main }) };
}

const getLinphone = html`<li>
<h2>Get Linphone</h2>
<p>It is free, for <a href="https://play.google.com/store/apps/details?id=org.linphone">Android</a>, <a href="https://apps.apple.com/app/linphone/id360065638">iPhone and iPad</a>, and <a href="https://www.linphone.org/">computers</a>.</p>
</li>`;

const ownScanner = html`<p class="hint">Use Linphone’s own scanner. The phone’s camera app only opens this page.</p>`;

const ready = html`<li>
<h2>You can call</h2>
<p>Linphone fetches its settings and signs in by itself. There is no password to type.</p>
</li>`;

/** Says what keeps phones from fetching the address, for people who try Ringup out. */
function warnings(url: string): string {
  const lines = [
    ...(isLoopback(url)
      ? [
          html`<p>The address in this code can only be reached from the computer that runs Ringup. For phones, its operator must set <code>RINGUP_LISTEN</code> or <code>RINGUP_PUBLIC_URL</code>.</p>`,
        ]
      : []),
    ...(new URL(url).protocol === 'http:'
      ? [
          html`<p>The address in this code begins with <code>http://</code>. Linphone on iPhone and iPad needs <code>https://</code>.</p>`,
        ]
      : []),
  ];
  return lines.length === 0 ? '' : html`<div class="notice">!${lines}</div>`;
}

function notes(url: string): string {
  return html`<ul class="notes">
<li>The code works once, for one phone. Looking at this page does not use it up.</li>
<li>Keep it to yourself: the first person who uses it gets the account.</li>
<li>If Linphone already has accounts, this one replaces the first of them.</li>
!${
    new URL(url).searchParams.has('reset_password')
      ? html`<li>Using it also sets a new password. Other phones with this account must then be set up again.</li>`
      : ''
  }
</ul>`;
}
