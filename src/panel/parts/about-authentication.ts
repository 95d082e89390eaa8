import { html } from 'ghtml';

/** How a request says who is calling, and who may call what; the anchor `about--auth` is linked to from elsewhere. */
export function aboutAuthentication(publicUrl: string): string {
  return html`<section aria-labelledby="about--auth">
<h2 id="about--auth">Who is calling</h2>
<p>A request proves it in one of three ways. Some operations need no proof at all: those that <b>anyone</b> may call.</p>
<h3>API key in a header</h3>
<p>For scripts and programs.</p>
<pre><code>${apiKeyExample(publicUrl)}</code></pre>
<p>A key that an administrator issues, or the command <code>ringup api-key create</code>, has all the rights of its account and lasts until it is revoked or as long as it was told to. A key that users fetch for themselves at <code>/api/accounts/me/api_key</code> has the rights of a user and ends when it is unused for 60 minutes.</p>
<h3>API key in a cookie</h3>
<p>The same key, in a cookie named <code>x-api-key</code>. A request that changes something then has to come from a page of this server: <code>Sec-Fetch-Site</code> must be <code>same-origin</code> or <code>none</code> or, where a browser does not send it, <code>Origin</code> must be this server’s.</p>
<h3>HTTP Digest</h3>
<p>For phones, with the password of the SIP account: <a href="https://www.rfc-editor.org/rfc/rfc7616">RFC 7616</a> with <code>qop=auth</code>, by <b>MD5</b> and by <b>SHA-256</b>. It gives the rights of a user, an administrator’s account included.</p>
<pre><code>${digestExample(publicUrl)}</code></pre>
<p>A request with <code>From: sip:user@domain</code> is challenged for the algorithms that this account’s password is stored in; one without, for those of its space. There is one <code>WWW-Authenticate</code> line for each algorithm, SHA-256 first. A nonce is good for five minutes; after that the answer is a fresh one with <code>stale=true</code>.</p>
<h3 id="callers">Who may call what</h3>
!${callerTable}
<h3 id="errors">Errors</h3>
<p>A refusal under <code>/api</code> is JSON: a sentence for people, a code for programs, and for status 422 the mistakes of each field. The other addresses answer the sentence alone, as text.</p>
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
  ['anyone', 'No proof asked for.'],
  ['holder', 'Whoever proves to hold an account that is not blocked, even before a phone was provisioned with it.'],
  ['user', 'The same, once the account is activated.'],
  ['admin', 'An administrator, by an API key with all rights. Administrators manage the accounts of their own space.'],
  ['super-admin', 'An administrator of a super space, which the first one is. They manage all spaces.'],
]);

const statusTable = twoColumns('Status', 'When', [
  ['400', 'The request itself is broken, or its body is not the JSON it claims to be.'],
  ['401', 'It needs an API key or HTTP Digest.'],
  ['403', 'The caller is known, but this is not theirs to do, or the account is blocked or not activated.'],
  ['404', 'There is nothing here, or nothing that the caller may see.'],
  ['405', 'Not by this method; <code>Allow</code> says by which.'],
  ['409', 'It does not fit the state of things, or needs <code>confirm=true</code>.'],
  ['413, 415', 'The body is too large, or not JSON.'],
  ['422', 'Fields are missing, wrong or unknown; <code>errors</code> names each.'],
  ['500', 'A fault of the server; the log has the detail.'],
  ['503', 'Not now: try again after <code>Retry-After</code> seconds.'],
]);

/** The second column is HTML, already escaped. */
function twoColumns(first: string, second: string, rows: readonly (readonly [string, string])[]): string {
  return html`<table class="pairs">
<thead><tr><th scope="col">${first}</th><th scope="col">${second}</th></tr></thead>
<tbody>!${rows.map(([name, meaning]) => html`<tr><th scope="row">${name}</th><td>!${meaning}</td></tr>`)}</tbody>
</table>`;
}
