import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import { clientOf, queryWithoutLanguage, spaceOf } from '../http/client-facts.ts';
import type { Sent } from '../http/sent.ts';
import type { Language } from '../lib/languages.ts';
import type { ExaminedToken, RedeemableKind } from '../provisioning/examine-token.ts';
import { openTokenPage, turnVisitorAway, type Visit } from '../provisioning/visit-token.ts';
import type { Space } from '../spaces/space.ts';
import { provisioningUrl } from '../tokens/token-urls.ts';
import { sendBase, sendBaseHead } from './base-document.ts';
import { turnToDraw } from './qr-code.ts';
import type { OtherVisitor } from './visitor.ts';

/** A request for the account of a code or of an auth token. */
export interface TokenRequest {
  readonly app: App;
  readonly kind: RedeemableKind;
  readonly token: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export function visitOf({ kind, token, request }: TokenRequest): Visit {
  return { kind, token, client: clientOf(request) };
}

/** What the page of a code shows. `full`: the code is valid, but its account has no room for another phone. */
export type Invitation =
  | { readonly state: 'full' | 'not-valid'; readonly space: Space }
  | {
      readonly state: 'valid';
      readonly space: Space;
      /** The name of the person; null if it is unknown or a phone has already fetched the account. */
      readonly name: string | null;
      /** The language of the account; null if none is set. */
      readonly language: Language | null;
      /** The URL that phones fetch. */
      readonly url: string;
      readonly expiresAt: number | null;
      /** The path of the events about the code; null if there are none. */
      readonly events: string | null;
    };

/** The pages that people see at the addresses for phones. */
export interface CodePages {
  /** Sends the page of a code. */
  sendLandingPage(request: FastifyRequest, reply: FastifyReply, invitation: Invitation): Sent;
  /** Sends the page for programs that open links by themselves. It is the same for every address. */
  sendPreviewPage(request: FastifyRequest, reply: FastifyReply): Sent;
}

/**
 * Answers visitors that are not phones, without using up anything. A scanner learns nothing about the token, not even
 * whether it exists, because others may see what the scanner stores.
 */
export async function turnAway(pages: CodePages, visitor: OtherVisitor, asked: TokenRequest): Promise<Sent> {
  if (visitor.gets === 'landing-page') return sendLandingPage(pages, visitor, asked);
  const { app, request, reply } = asked;
  await turnVisitorAway(app, visitOf(asked), { visitor: visitor.kind, name: visitor.name, reason: visitor.sign });
  if (visitor.gets === 'preview') {
    request.answeredWith = 'preview';
    return pages.sendPreviewPage(request, reply);
  }
  const space = spaceOf(app, request);
  return request.method === 'HEAD' ? sendBaseHead(space, request, reply) : sendBase(asked, space, 'base-for-no-phone');
}

async function sendLandingPage(pages: CodePages, { sign }: OtherVisitor, asked: TokenRequest): Promise<Sent> {
  const { app, request, reply } = asked;
  const found = await openTokenPage(app, visitOf(asked), sign);
  request.answeredWith = 'landing-page';
  await turnToDraw();
  return pages.sendLandingPage(request, reply, invitationTo(found, asked));
}

function invitationTo(found: ExaminedToken | undefined, { app, kind, token, request }: TokenRequest): Invitation {
  if (found === undefined) return { state: 'not-valid', space: spaceOf(app, request) };
  const { refusal, space, account } = found;
  if (refusal !== undefined) return { state: refusal === 'too-many-devices' ? 'full' : 'not-valid', space };
  const { language } = account;
  const { claimedAt, expiresAt } = found.token;
  const path = kind === 'auth' ? `auth_token/${token}` : token;
  const events = kind === 'auth' ? null : `/provisioning/${token}/live`;
  const url = `${provisioningUrl(space, app.publicUrl, path)}${queryWithoutLanguage(request.url)}`;
  return {
    state: 'valid',
    space,
    name: claimedAt === null ? account.displayName : null,
    language,
    url,
    expiresAt,
    events,
  };
}
