import type { FastifyRequest } from 'fastify';
import { html } from 'ghtml';
import { Type } from 'typebox';
import { endSession } from '../../access/sessions.ts';
import { signInByPassword } from '../../access/sign-in-by-password.ts';
import type { App } from '../../app.ts';
import { clientOf, queryOf, singleHeader } from '../../http/client-facts.ts';
import { requireOwnPage } from '../../http/own-page.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint, openEndpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { clearSessionCookie, setSessionCookie } from '../../http/session-cookie.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { refusalText } from '../../locale/failure-text.ts';
import { htmlPage, wordmark } from '../html-page.ts';
import { languageLinks } from '../layout.ts';
import { maxNextLength, pageAfterSignIn, queryForNext } from '../next-page.ts';
import { doneBanner, doneSentence } from '../parts/banner.ts';
import { field } from '../parts/field.ts';
import { sentPassword } from '../parts/password-again.ts';
import { concernsFields, isUnknown, tryChange } from '../parts/refusal.ts';
import { shape } from '../parts/shape.ts';
import { type Reader, readerOf } from '../reader.ts';

const form = Type.Object({
  username: Type.Optional(Type.String({ maxLength: 400 })),
  password: sentPassword,
  next: Type.Optional(Type.String({ maxLength: maxNextLength })),
});

export const showSignIn = openEndpoint({
  summary: 'Show the form to sign in with',
  signsIn: true,
  produces: ['text/html'],
  handle({ app, request, reply }) {
    const query = queryOf(request);
    const shown = {
      username: '',
      next: query.get('next') ?? '',
      done: query.get('done') ?? '',
      elsewhere: otherAddress(app, request),
    };
    return sendPage(reply, signInPage(app, readerOf(app, request, reply), shown));
  },
});

export const signIn = openEndpoint({
  summary: 'Sign in',
  signsIn: true,
  limited: true,
  produces: ['text/html'],
  async handle({ app, body, request, reply }) {
    requireOwnPage(app, request);
    const { username = '', password = '', next = '' } = requireShape(form, body);
    const reader = readerOf(app, request, reply);
    const browser = clientOf(request);
    const again = (problem: string, status: number) =>
      sendPage(reply, signInPage(app, reader, { username, next, problem, status }));
    const { done: signedIn, refusal } = await tryChange(
      () => signInByPassword(app, { name: username, password, host: request.headers.host, browser }),
      (error) => error.code === 'too-many-sign-ins' || concernsFields(error),
    );
    if (refusal === undefined) {
      setSessionCookie(app, reply, signedIn.secret);
      return seeOther(app, reply, pageAfterSignIn(signedIn.account, next));
    }
    const wait = refusal.factsOf('too-many-sign-ins');
    if (wait === undefined) return again(refusalText(reader.t, refusal), 422);
    reply.header('retry-after', String(wait.retryAfterSeconds));
    return again(reader.t('signIn.wait', { minutes: minutesToWait(wait.retryAfterSeconds) }), 429);
  },
});

/** Returns full minutes, rounded up, so that nobody tries too early. Less than one counts as 0. */
function minutesToWait(seconds: number): number {
  return seconds < 60 ? 0 : Math.ceil(seconds / 60);
}

export const signOut = endpoint({
  summary: 'Sign out',
  withoutPages: true,
  produces: ['text/html'],
  async handle({ app, caller, reply }) {
    const { account, session } = caller;
    // Another tab may have signed out at the same time.
    if (session !== undefined) await tryChange(() => endSession(app, account.id, session.id), isUnknown);
    clearSessionCookie(app, reply);
    return seeOther(app, reply, '/login');
  },
});

interface SignInForm {
  readonly username: string;
  /** The path of the next page. */
  readonly next: string;
  /** What the person has just done. */
  readonly done?: string;
  /** Why the sign-in failed. */
  readonly problem?: string;
  readonly status?: number;
  /** The address at which signing in works, if it is another one. */
  readonly elsewhere?: string | undefined;
}

/** Returns the https address for a page that came without TLS, because browsers would not keep its cookie there. */
function otherAddress({ publicUrl, spaces }: App, { headers }: FastifyRequest): string | undefined {
  if (!publicUrl.startsWith('https:')) return undefined;
  const hosts = [new URL(publicUrl).host, ...spaces.all.map(({ host }) => host)];
  const isPlain = singleHeader(headers['x-forwarded-proto']) === 'http';
  return isPlain || !hosts.includes(headers.host ?? '') ? `${publicUrl}/login` : undefined;
}

const sentences = { password: 'signIn.passwordSet', 'password-before': 'signIn.passwordSetBefore' } as const;

function signInPage(
  app: App,
  reader: Reader,
  { username, next, done = '', problem, status, elsewhere }: SignInForm,
): Page {
  const { t, prefix } = reader;
  const { domain } = app.spaces.first;
  const here = queryForNext(next);
  const body = html`<header class="top">!${wordmark(prefix)}!${languageLinks(reader.language, here)}</header>
<main>
<h1>${t('signIn.title')}</h1>
!${doneBanner(doneSentence(reader, done, sentences))}
!${problem === undefined ? '' : html`<div class="problems" role="alert"><p>${problem}</p></div>`}
!${elsewhere === undefined ? '' : elsewhereNote(reader, elsewhere)}
<form method="post" action="${prefix}/login">
!${here === '' ? '' : html`<input type="hidden" name="next" value="${next}">`}
!${field({
    name: 'username',
    label: t('signIn.name'),
    hint: html`${t('signIn.nameHint', { example: 'alice', address: `alice@${domain}` })}`,
    attributes: html`value="${username}" required autocomplete="username" autocapitalize="none" spellcheck="false"`,
    mistakes: [],
  })}
!${field({
    name: 'password',
    label: t('signIn.password'),
    attributes: 'type="password" required autocomplete="current-password"',
    mistakes: [],
  })}
<button class="button">${t('signIn.button')}</button>
</form>
<p><a href="${prefix}/login/forgotten">${t('signIn.forgotten')}</a></p>
</main>`;
  const title = `${t('signIn.title')} – Ringup`;
  return {
    html: htmlPage({ language: reader.language, title, className: 'sign-in', prefix, body }),
    ...(status === undefined ? {} : { status }),
  };
}

function elsewhereNote({ t }: Reader, address: string): string {
  const [before = '', after = ''] = t('signIn.elsewhere', { address: '\u0000' }).split('\u0000');
  return html`<p class="banner warn">!${shape('unusual')}<span>${before}<a href="${address}">${address}</a>${after}</span></p>`;
}
