import { html } from 'ghtml';
import { type Language, type MessageKey, translator } from '../../locale/translate.ts';

/**
 * Returns how to authenticate requests and who may make which calls, with headings in `language`. Other pages link to
 * the anchor `about--auth`.
 */
export function aboutAuthentication(publicUrl: string, language: Language): string {
  const heading = (key: MessageKey, id = '') =>
    html`<h3!${id === '' ? '' : html` id="${id}"`} lang="${language}">${translator(language)(key)}</h3>`;
  return html`<section aria-labelledby="about--auth">
<h2 id="about--auth" lang="${language}">${translator(language)('manual.authentication')}</h2>
<p>A request authenticates in one of three ways. Operations that <b>anyone</b> may call need no authentication.</p>
!${heading('manual.keyInHeader')}
<p>For scripts and programs.</p>
<pre><code>${apiKeyExample(publicUrl)}</code></pre>
<p>A key from an administrator or from the command <code>./ringup api-key create</code> has all rights of its account, and is valid until it is revoked or expires. A key that users fetch for themselves at <code>/api/accounts/me/api_key</code> has the rights of a user, and expires after 60 minutes without use.</p>
!${heading('manual.keyInCookie')}
<p>The same key, in a cookie named <code>x-api-key</code>. A request that changes something must then come from a page of this server: <code>Sec-Fetch-Site</code> must be <code>same-origin</code>. If the browser does not send it, <code>Origin</code> must be that of this server. The session of somebody who is signed in to the panel works in the same way, except for a <code>GET</code> that changes something. It has all rights of the account.</p>
!${heading('manual.digest')}
<p>For phones, with the password of the SIP account: <a href="https://www.rfc-editor.org/rfc/rfc7616">RFC 7616</a> with <code>qop=auth</code>, with <b>MD5</b> or <b>SHA-256</b>. It gives the rights of a user, even to an administrator.</p>
<pre><code>${digestExample(publicUrl)}</code></pre>
<p>A request with <code>From: sip:user@domain</code> is challenged for the algorithms in which this account’s password is stored; a request without it, for those of its space. There is one <code>WWW-Authenticate</code> line for each algorithm, SHA-256 first. A nonce is valid for five minutes. After that, the answer has a new one with <code>stale=true</code>.</p>
!${heading('manual.callers', 'callers')}
!${callerTable}
!${heading('manual.errors', 'errors')}
<p>A failure under <code>/api</code> or <code>/health</code> is JSON: a sentence for people, a code for programs and, for status 422, the mistakes in each field. All other addresses return only the sentence, as text; browsers get a page.</p>
<pre><code>${errorExample}</code></pre>
!${statusTable}
</section>`;
}

function apiKeyExample(publicUrl: string): string {
  return `curl -H 'x-api-key: KEY' ${publicUrl}/api/accounts`;
}

function digestExample(publicUrl: string): string {
  return `curl --digest --user alice:PASSWORD \\
  -H 'From: sip:alice@sip.example.com' \\
  ${publicUrl}/provisioning/me`;
}

const errorExample = `HTTP/1.1 422 Unprocessable Entity
content-type: application/json

{"message": "username is required.",
 "code": "fields-invalid",
 "errors": {"username": ["is required"]}}`;

const callerTable = twoColumns('Caller', 'Who that is', [
  ['anyone', 'Anyone, without authentication.'],
  ['holder', 'The owner of an account that is not blocked, even before a phone was provisioned with it.'],
  ['user', 'The owner of an account that is activated and not blocked.'],
  [
    'admin',
    'An administrator with an API key that has all rights, or with a session of the panel. Administrators manage the accounts of their own space.',
  ],
  ['super-admin', 'An administrator of a super space, such as the first space. They manage all spaces.'],
]);

const statusTable = twoColumns('Status', 'When', [
  ['400', 'The request is malformed, or its body is not valid JSON.'],
  ['401', 'The request needs an API key or HTTP Digest.'],
  ['403', 'The caller is known, but has no right to do this, or the account is blocked or not activated.'],
  ['404', 'It does not exist, or the caller may not see it.'],
  ['405', 'The path does not support this method; <code>Allow</code> lists those that it supports.'],
  ['409', 'The request conflicts with the current state, or needs <code>confirm=true</code>.'],
  ['413, 415', 'The body is too large, or not JSON.'],
  ['422', 'Fields are missing, invalid or unknown; <code>errors</code> names each of them.'],
  ['429', 'Too many requests from this address: try again after <code>Retry-After</code> seconds.'],
  ['500', 'A bug in the server; the log has the details.'],
  ['503', 'Not available at the moment: try again after <code>Retry-After</code> seconds.'],
]);

/** The second column is HTML, already escaped. */
function twoColumns(first: string, second: string, rows: readonly (readonly [string, string])[]): string {
  return html`<table class="pairs">
<thead><tr><th scope="col">${first}</th><th scope="col">${second}</th></tr></thead>
<tbody>!${rows.map(([name, meaning]) => html`<tr><th scope="row">${name}</th><td>!${meaning}</td></tr>`)}</tbody>
</table>`;
}
