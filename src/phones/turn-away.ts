import { spaceOf } from '../http/client-facts.ts';
import type { Sent } from '../http/sent.ts';
import type { ExaminedToken } from '../provisioning/examine-token.ts';
import { openTokenPage, turnVisitorAway } from '../provisioning/visit-token.ts';
import { provisioningUrl } from '../tokens/provisioning-url.ts';
import { sendBase, sendBaseHead } from './base-document.ts';
import type { CodePages, Invitation } from './pages.ts';
import { turnToDraw } from './qr-code.ts';
import { type TokenRequest, visitOf } from './token-request.ts';
import type { Visitor } from './visitor.ts';

/**
 * Answers visitors that are not phones, without using anything up. A scanner learns nothing about the token, not even
 * whether it exists, because others may see what it stores.
 */
export async function turnAway(pages: CodePages, visitor: Visitor, asked: TokenRequest): Promise<Sent> {
  if (visitor.gets === 'landing-page') return sendLandingPage(pages, asked);
  const { app, request, reply } = asked;
  await turnVisitorAway(app, visitOf(asked), { visitor: visitor.kind, name: visitor.name });
  if (visitor.gets === 'preview') {
    request.answeredWith = 'preview';
    return pages.sendPreviewPage(reply);
  }
  const space = spaceOf(app, request);
  return request.method === 'HEAD'
    ? sendBaseHead(space, request, reply)
    : sendBase(app, space, request, reply, 'base-for-no-phone');
}

async function sendLandingPage(pages: CodePages, asked: TokenRequest): Promise<Sent> {
  const { app, request, reply } = asked;
  const found = await openTokenPage(app, visitOf(asked));
  request.answeredWith = 'landing-page';
  const invitation = invitationTo(found, asked);
  if (typeof invitation === 'object') await turnToDraw();
  return pages.sendLandingPage(reply, invitation);
}

function invitationTo(
  found: ExaminedToken | undefined,
  { app, kind, token, request: { url } }: TokenRequest,
): Invitation {
  if (found === undefined) return undefined;
  const { refusal, space } = found;
  if (refusal !== undefined) return refusal === 'too-many-devices' ? refusal : undefined;
  const query = url.includes('?') ? url.slice(url.indexOf('?')) : '';
  const path = kind === 'auth' ? `auth_token/${token}` : token;
  return { name: space.name, url: `${provisioningUrl(space, app.publicUrl, path)}${query}` };
}
