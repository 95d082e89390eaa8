import { clientOf, spaceOf } from '../http/client-facts.ts';
import type { Sent } from '../http/sent.ts';
import { type ExaminedToken, examineToken } from '../provisioning/examine-token.ts';
import { provisioningUrl } from '../tokens/provisioning-url.ts';
import { tokenEvent } from '../tokens/token-events.ts';
import { sendBase, sendBaseHead } from './base-document.ts';
import type { CodePages, Invitation } from './pages.ts';
import type { TokenRequest } from './token-request.ts';
import type { Visitor } from './visitor.ts';

/**
 * Answers visitors that are not phones, without using anything up. A scanner learns nothing about the token, not even
 * whether it exists, because others may see what it stores.
 */
export async function turnAway(pages: CodePages, visitor: Visitor, asked: TokenRequest): Promise<Sent> {
  if (visitor.gets === 'landing-page') return sendLandingPage(pages, asked);
  await recordTurnedAway(visitor, asked);
  const { app, request, reply } = asked;
  if (visitor.gets === 'preview') {
    request.answeredWith = 'preview';
    return pages.sendPreviewPage(reply);
  }
  const space = spaceOf(app, request);
  return request.method === 'HEAD'
    ? sendBaseHead(space, request, reply)
    : sendBase(app, space, request, reply, 'base-for-no-phone');
}

async function recordTurnedAway({ kind: visitor, name }: Visitor, { app, kind, token, request }: TokenRequest) {
  const client = clientOf(request);
  const found = await examineToken(app, kind, token, client);
  if (found !== undefined) app.events.record(tokenEvent('turned-away', found, client, app.now(), { visitor, name }));
}

async function sendLandingPage(pages: CodePages, asked: TokenRequest): Promise<Sent> {
  const { app, kind, token, request, reply } = asked;
  const client = clientOf(request);
  const found = await examineToken(app, kind, token, client);
  if (found !== undefined) {
    const detail = found.refusal === undefined ? {} : { reason: found.refusal };
    app.events.record(tokenEvent('page-opened', found, client, app.now(), detail));
  }
  request.answeredWith = 'landing-page';
  return pages.sendLandingPage(reply, invitationTo(found, asked));
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
