import { html } from 'ghtml';
import { layout, pathPrefixOf } from '../layout.ts';
import type { Page } from '../page.ts';

/** What somebody sees who opens the server's bare address. */
export function homePage({ publicUrl }: { readonly publicUrl: string }): Page {
  const prefix = pathPrefixOf(publicUrl);
  const main = html`<h1>This server sets up phones</h1>
<p class="lead">It runs Ringup, which hands Linphone its configuration: make an account, show a QR code, the phone rings.</p>
<p class="notice calm">Were you given a code or a link? Then open that: it shows what to do. There is nothing to sign in to here.</p>
<ul class="cards">
<li class="card"><h2><a href="${prefix}/provisioning/documentation">How phones are set up</a></h2><p>What Linphone fetches, with which address, and what uses a code up.</p></li>
<li class="card"><h2><a href="${prefix}/api">The API</a></h2><p>Accounts, codes, contacts and spaces, for scripts and other programs.</p></li>
</ul>`;
  return { html: layout({ title: 'Ringup', width: 'narrow', main }) };
}
