import { html } from 'ghtml';
import { Type } from 'typebox';
import { passwordLimits, usernameLimits } from '../../accounts/account-fields.ts';
import { isSetupOpen, makeFirstAdministrator } from '../../administration/first-administrator.ts';
import type { App } from '../../app.ts';
import type { FieldErrors } from '../../errors/catalogue.ts';
import { AppError } from '../../errors.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { openEndpoint } from '../../http/route.ts';
import type { Sent } from '../../http/sent.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { onceFor } from '../../lib/once-for.ts';
import { layout, pathPrefixOf } from '../layout.ts';
import { copyField } from '../parts/copy-field.ts';

const form = Type.Object(
  {
    username: Type.String(usernameLimits),
    password: Type.String(passwordLimits),
  },
  { additionalProperties: false },
);

/** A form encodes a character in up to nine bytes (`%E6%BC%A2`). */
const maxFormBytes = 16 * 1024;

export const showSetup = openEndpoint({
  params: ['token'],
  summary: 'Show the form that creates the first administrator; does not use the link up',
  produces: ['text/html'],
  async handle({ app, params, reply }) {
    if (!(await isSetupOpen(app, params.token))) return sendPage(reply, gonePage(app));
    const { pathPrefix: prefix, spaces } = app;
    const { domain, passwordMinLength } = spaces.firstSuper;
    return sendPage(reply, firstAdministratorForm({ prefix, domain, passwordMinLength }));
  },
});

export const submitSetup = openEndpoint({
  params: ['token'],
  summary: 'Create the first administrator; shows an API key once',
  maxBodyBytes: maxFormBytes,
  produces: ['text/html'],
  async handle({ app, params, body, reply }) {
    const { pathPrefix: prefix, publicUrl } = app;
    const again = (mistakes: FieldErrors): Sent => {
      const username = usernameIn(body);
      const { domain, passwordMinLength } = app.spaces.firstSuper;
      return sendPage(
        reply,
        firstAdministratorForm({ prefix, domain, passwordMinLength, mistakes, values: { username } }),
      );
    };
    try {
      const { account, space, apiKey } = await makeFirstAdministrator(app, params.token, requireShape(form, body));
      const { username } = account;
      return sendPage(reply, firstAdministratorDone({ username, domain: space.domain, apiKey, publicUrl }));
    } catch (error) {
      if (error instanceof AppError && error.kind === 'not-found') return sendPage(reply, gonePage(app));
      if (error instanceof AppError && error.fields !== undefined) return again(error.fields);
      throw error;
    }
  },
});

const gonePage = onceFor((app: App) => firstAdministratorGone(app.pathPrefix));

/** Returns the user name that was typed, to show it again. */
function usernameIn(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('username' in body)) return '';
  return typeof body.username === 'string' ? body.username : '';
}

export interface FirstAdministratorForm {
  readonly prefix: string;
  readonly domain: string;
  readonly passwordMinLength: number;
  readonly mistakes?: FieldErrors;
  readonly values?: { readonly username?: string };
}

const fields = { username: 'User name', password: 'Password' } as const;
type Field = keyof typeof fields;
const maxLengths: Readonly<Record<Field, number>> = {
  username: usernameLimits.maxLength,
  password: passwordLimits.maxLength,
};

/** Returns the form that creates the first administrator. With mistakes, it is the answer to an invalid form. */
export function firstAdministratorForm(options: FirstAdministratorForm): Page {
  const { prefix, domain, passwordMinLength, mistakes, values = {} } = options;
  const main = html`<h1>Create the first administrator</h1>
<p class="lead">This server has no administrator yet. The account that you create here manages all others. It is also an ordinary SIP account.</p>
!${mistakes === undefined ? '' : summary(mistakes)}
<form class="card" method="post">
!${input('username', {
    attributes: html`type="text" value="${values.username ?? ''}" autocomplete="username" autocapitalize="none" spellcheck="false"`,
    hint: html`The SIP address becomes <span class="address">sip:<i>user name</i>@${domain}</span>.`,
    mistakes,
  })}
!${input('password', {
    attributes: html`type="password" minlength="${passwordMinLength}" autocomplete="new-password"`,
    hint: html`At least ${passwordMinLength} characters. Only the hashes that SIP needs are stored.`,
    mistakes,
  })}
<button class="button">Create the administrator</button>
</form>
<p class="hint">This link works once, within 24 hours after the start of the server.</p>`;
  return {
    html: layout({ title: 'Create the first administrator', width: 'narrow', prefix, main }),
    ...(mistakes === undefined ? {} : { status: 422 }),
  };
}

function input(
  name: Field,
  { attributes, hint, mistakes }: { attributes: string; hint: string; mistakes: FieldErrors | undefined },
): string {
  const wrong = mistakes?.[name];
  const described = wrong === undefined ? `${name}-hint` : `${name}-mistake ${name}-hint`;
  return html`<p class="field">
<label for="${name}">${fields[name]}</label>
!${wrong === undefined ? '' : html`<span class="mistake" id="${name}-mistake">${sentences(name, wrong)}</span>`}
<input id="${name}" name="${name}" !${attributes} required maxlength="${maxLengths[name]}" aria-describedby="${described}"!${wrong === undefined ? '' : ' aria-invalid="true"'}>
<span class="hint" id="${name}-hint">!${hint}</span>
</p>`;
}

/** Returns all mistakes, including those of fields that the form does not have. */
function summary(mistakes: FieldErrors): string {
  const lines = Object.entries(mistakes).map(([name, messages]) =>
    isField(name)
      ? html`<li><a href="#${name}">${sentences(name, messages)}</a></li>`
      : html`<li>${name === '' ? '' : `${name} `}${messages.join(', ')}</li>`,
  );
  return html`<div class="notice bad" role="alert"><p><b>Nothing was created yet.</b></p><ul>!${lines}</ul></div>`;
}

function sentences(name: Field, messages: readonly string[]): string {
  return messages.map((message) => `${fields[name]} ${message}.`).join(' ');
}

function isField(name: string): name is Field {
  return Object.hasOwn(fields, name);
}

export interface FirstAdministrator {
  readonly username: string;
  readonly domain: string;
  readonly apiKey: string;
  readonly publicUrl: string;
}

/** The only page that ever shows this key. */
export function firstAdministratorDone({ username, domain, apiKey, publicUrl }: FirstAdministrator): Page {
  const prefix = pathPrefixOf(publicUrl);
  const other = username === 'alice' ? 'bob' : 'alice';
  const call = `curl ${publicUrl}/api/accounts \\
  -H 'x-api-key: ${apiKey}' \\
  -H 'content-type: application/json' \\
  -d '{"username": "${other}", "password": "choose-one"}'`;
  const main = html`<h1>You are the administrator</h1>
<p class="lead"><span class="address">sip:${username}@${domain}</span> is created. Save its API key now: it is shown only once.</p>
<section class="card" aria-labelledby="key">
<h2 id="key">Your API key</h2>
!${copyField({ id: 'api-key', label: 'Send it in the header x-api-key', value: apiKey, hint: 'It has all your rights until it is revoked. Store it like a password.' })}
</section>
<section aria-labelledby="next">
<h2 id="next">Set up the first phone</h2>
<ol class="steps">
<li><h3>Create an account</h3><pre><code>${call}</code></pre><p>The answer has a <code>provisioning_token</code>.</p></li>
<li><h3>Open its page</h3><p>In a browser, open <span class="address">${publicUrl}/provisioning/<i>provisioning_token</i></span>. It shows a QR code.</p></li>
<li><h3>Scan it</h3><p>Use the scanner in Linphone’s assistant. The phone gets the account.</p></li>
</ol>
<p>The command <code>npx ringup account add ${other} --qr</code> does the first two steps in a terminal. <a href="${publicUrl}/api">The manual of the API</a> has everything else.</p>
</section>`;
  return { html: layout({ title: 'You are the administrator', width: 'narrow', prefix, main }) };
}

/** Returns the page that says why the link shows no form. */
export function firstAdministratorGone(prefix: string): Page {
  const main = html`<h1>This link no longer works</h1>
<p class="lead">It was used, has expired, or was replaced by a newer one.</p>
<p>As long as there is no administrator, Ringup prints a new link at each start: restart it, and open the new link.</p>
<p>If there is already an administrator, ask them. Or create another one on the server:</p>
<pre><code>npx ringup account add NAME --admin --activated</code></pre>`;
  return { html: layout({ title: 'This link no longer works', width: 'narrow', prefix, main }), status: 404 };
}
