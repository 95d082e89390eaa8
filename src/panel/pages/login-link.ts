import { html } from 'ghtml';
import { isLoginLinkOf, isLoginLinkOpen, loginLinkNotFound, signInByLink } from '../../administration/login-link.ts';
import { sessionCaller } from '../../http/authenticate.ts';
import { clientOf } from '../../http/client-facts.ts';
import { requireOwnPage } from '../../http/own-page.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { openEndpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import type { Sent } from '../../http/sent.ts';
import { setSessionCookie } from '../../http/session-cookie.ts';
import { pageAfterSignIn } from '../next-page.ts';
import { plainPage } from '../parts/plain-page.ts';
import { isUnknown, tryChange } from '../parts/refusal.ts';
import { type Reader, readerOf } from '../reader.ts';
import type { Asked } from '../view.ts';

export const showLoginLink = openEndpoint({
  params: ['token'],
  summary: 'Show the button of a link that signs in; does not use the link up',
  signsIn: true,
  produces: ['text/html'],
  async handle({ app, params, request, reply }) {
    if (!(await isLoginLinkOpen(app, params.token))) throw loginLinkNotFound();
    return sendPage(reply, linkPage(readerOf(app, request, reply)));
  },
});

export const useLoginLink = openEndpoint({
  params: ['token'],
  summary: 'Sign in by a link, which is used up',
  signsIn: true,
  produces: ['text/html'],
  async handle({ app, params, request, reply }) {
    requireOwnPage(app, request);
    const { done: signedIn, refusal } = await tryChange(
      () => signInByLink(app, params.token, clientOf(request)),
      isUnknown,
    );
    if (refusal !== undefined) return leadOn({ app, request, reply }, params.token);
    setSessionCookie(app, reply, signedIn.secret);
    return seeOther(app, reply, pageAfterSignIn(signedIn.account));
  },
});

/** Answers the second click of a double click: the first has used the link up and signed the browser in. */
async function leadOn({ app, request, reply }: Omit<Asked, 'caller'>, token: string): Promise<Sent> {
  const caller = await sessionCaller(app, request);
  const isOwn = caller !== undefined && (await isLoginLinkOf(app, token, caller));
  if (!isOwn) throw loginLinkNotFound();
  return seeOther(app, reply, pageAfterSignIn(caller.account));
}

function linkPage(reader: Reader): Page {
  const { t } = reader;
  const main = html`<p>${t('loginLink.lead')}</p>
<form method="post"><button class="button">${t('signIn.button')}</button></form>`;
  return plainPage(reader, { title: t('loginLink.title'), main });
}
