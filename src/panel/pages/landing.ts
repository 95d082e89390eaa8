import { html } from 'ghtml';
import { isLoopback } from '../../config/public-url.ts';
import { qrSvg } from '../../lib/qr-code.ts';
import { layout } from '../layout.ts';
import type { Page } from '../page.ts';
import { copyField } from '../parts/copy-field.ts';

export interface Invitation {
  /** The space's. */
  readonly name: string;
  /** What the code says: the address that Linphone fetches. */
  readonly url: string;
}

/**
 * What a browser sees where Linphone would get its configuration; undefined: the code is not valid, or not any more.
 * `too-many-devices`: it is, but the account has no room for another phone.
 */
export function landingPage(invitation: Invitation | 'too-many-devices' | undefined): Page {
  if (invitation === 'too-many-devices') return pageWithoutRoom;
  return invitation === undefined ? pageWithoutCode : { html: withCode(invitation) };
}

function withCode({ name, url }: Invitation): string {
  const code = Buffer.from(qrSvg(url)).toString('base64');
  const main = html`<h1>Set up Linphone for ${name}</h1>
<p class="lead">This page holds the code that sets up one phone. Three steps, and it rings.</p>
!${warnings(url)}
<div class="invitation">
<ol class="steps">
!${getLinphone}
<li>
<h2>Give it the code</h2>
<p><a class="button" href="linphone-config:${url}">Open in Linphone</a></p>
<p>This works where Linphone is installed on this device. On another one, open Linphone, choose <b>Scan QR code</b> in its assistant and scan the code on this page.</p>
!${ownScanner}
</li>
!${ready}
</ol>
<figure class="code">
<img src="data:image/svg+xml;base64,${code}" width="264" height="264" alt="QR code of the address that Linphone is to fetch; the same address stands in text below.">
<figcaption>Scan with <b>Linphone</b>.<br>Works once.</figcaption>
</figure>
</div>
<section class="card" aria-labelledby="by-hand">
<h2 id="by-hand">Or by hand</h2>
!${copyField({
    id: 'address',
    label: 'Address of the configuration',
    value: url,
    hint: 'Copy it, and in Linphone’s assistant choose <b>Fetch remote configuration</b>, on some versions called <b>Remote provisioning</b>.',
  })}
</section>
!${notes(url)}`;
  return layout({ title: `Set up Linphone for ${name}`, width: 'narrow', main });
}

function withoutCode(): string {
  const main = html`<h1>This code is not valid</h1>
<p class="lead">It has been used, has expired or was replaced by a newer one – or it never was a code.</p>
<p class="notice calm">A phone that is set up already is not affected by this.</p>
<ol class="steps">
<li><h2>Ask for a new code</h2><p>Whoever gave you this one, usually the administrator of your phone system, can make another.</p></li>
<li><h2>Scan it with Linphone</h2><p>Open Linphone and choose <b>Scan QR code</b> in its assistant.</p>!${ownScanner}</li>
!${ready}
</ol>`;
  return layout({ title: 'This code is not valid', width: 'narrow', main });
}

function withoutRoom(): string {
  const main = html`<h1>No room for another phone</h1>
<p class="lead">This code is valid, but its account is already set up on as many phones as it may have.</p>
<p class="notice calm">The phones that are set up are not affected by this.</p>
<ol class="steps">
<li><h2>Give up a phone that is not used any more</h2><p>Ask whoever gave you this code, usually the administrator of your phone system, to take the account off one of your phones, or to allow more.</p></li>
<li><h2>Open this address again</h2><p>The code has not been used up.</p></li>
!${ready}
</ol>`;
  return layout({ title: 'No room for another phone', width: 'narrow', main });
}

/** For programs that open links by themselves, whatever the address; a person who is taken for one can still go on. */
export const previewPage: Page = { html: preview() };

function preview(): string {
  const main = html`<h1>Set up Linphone</h1>
<p class="lead">This address holds the code that sets up one phone. It is not shown here: this page is for link previews and link scanners.</p>
<p>To see the code, open the address in a browser such as Chrome, Firefox or Safari. Or copy the address, and in Linphone’s assistant choose <b>Fetch remote configuration</b>.</p>`;
  const description = 'Open this address on your phone or computer to set up Linphone.';
  return layout({ title: 'Set up Linphone', description, width: 'narrow', main });
}

const getLinphone = html`<li>
<h2>Get Linphone</h2>
<p>It is free, for <a href="https://play.google.com/store/apps/details?id=org.linphone">Android</a>, <a href="https://apps.apple.com/app/linphone/id360065638">iPhone and iPad</a>, and <a href="https://www.linphone.org/">computers</a>.</p>
</li>`;

const ownScanner = html`<p class="hint">It takes Linphone’s own scanner. The phone’s camera app only opens this page.</p>`;

const ready = html`<li>
<h2>You can call</h2>
<p>Linphone fetches its settings and signs in by itself. There is no password to type.</p>
</li>`;

const pageWithoutCode: Page = { html: withoutCode() };
const pageWithoutRoom: Page = { html: withoutRoom() };

/** What keeps phones from fetching the address, for whoever is trying Ringup out. */
function warnings(url: string): string {
  const lines = [
    ...(isLoopback(url)
      ? [
          html`<p>The address in this code can only be reached from the computer that Ringup runs on. For a phone, whoever runs it sets <code>RINGUP_LISTEN</code> and <code>RINGUP_PUBLIC_URL</code>.</p>`,
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
<li>Keep it to yourself: whoever uses it first has the account.</li>
!${
    new URL(url).searchParams.has('reset_password')
      ? html`<li>Using it also sets a new password. Other phones with this account have to be set up again.</li>`
      : ''
  }
</ul>`;
}
