import { html } from 'ghtml';
import type { App } from '../../app.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { openEndpoint } from '../../http/route.ts';
import { onceFor } from '../../lib/once-for.ts';
import { layout } from '../layout.ts';

export const showHome = openEndpoint({
  summary: 'Show what this server is',
  produces: ['text/html'],
  handle: ({ app, reply }) => sendPage(reply, pageOf(app)),
});

const pageOf = onceFor(({ pathPrefix }: App) => homePage(pathPrefix));

/** Returns the page at the root of the server. */
export function homePage(prefix: string): Page {
  const main = html`<h1>This server sets up phones</h1>
<p class="lead">It runs Ringup, which gives Linphone its configuration: create an account, show a QR code, and the phone rings.</p>
<p class="notice calm">Did you get a code or a link? Open it: it shows what to do. You cannot sign in here.</p>
<ul class="cards">
<li class="card"><h2><a href="${prefix}/provisioning/documentation">How phones are set up</a></h2><p>What Linphone fetches, from which address, and what uses a code up.</p></li>
<li class="card"><h2><a href="${prefix}/api">The API</a></h2><p>Accounts, codes, contacts and spaces, for scripts and other programs.</p></li>
</ul>`;
  return { html: layout({ title: 'Ringup', width: 'narrow', prefix, main }) };
}
