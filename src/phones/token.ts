import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import { baseDocument } from '../documents/build-document.ts';
import { AppError } from '../errors.ts';
import { type Sent, send } from '../http/sent.ts';
import { examineToken, recordRefusal } from '../provisioning/examine-token.ts';
import { redeemToken } from '../provisioning/redeem-token.ts';
import type { Space } from '../spaces/space.ts';
import type { Client } from '../tokens/token.ts';
import { tokenEvent } from '../tokens/token-events.ts';
import {
  clientOf,
  hasProvisioningHeader,
  provisioningRequest,
  resetsPassword,
  spaceOf,
  unknownToken,
} from './provisioning-request.ts';
import { sendLandingPage, sendPreviewPage } from './show-token.ts';
import { type Visitor, visitorOf } from './visitor.ts';
import { observeDelivery } from './watch-delivery.ts';

type TokenKind = 'provisioning' | 'auth';

/** Uses the token up for a phone, and for nobody else. */
export async function answerToken(
  app: App,
  kind: TokenKind,
  token: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Sent> {
  const visitor = visitorOf(request.headers);
  if (visitor.gets !== 'account') return turnAway(visitor, app, kind, token, request, reply);
  const client = clientOf(request);
  await requireHeaderForToken(app, kind, token, client, request);
  const redeemed = await redeemToken(app, {
    kind,
    token,
    resetPassword: kind === 'provisioning' && resetsPassword(request),
    client,
    request: provisioningRequest(request),
    abandoned: () => request.raw.destroyed,
  });
  if (redeemed === undefined) return sendUnknown(app, kind, request, reply);
  observeDelivery(app.deliveries, redeemed.claim, reply);
  return send(xml(reply), redeemed.document);
}

/**
 * The only way past a token for whoever is not a phone. A scanner learns nothing about the token, not even whether it is one:
 * what it is shown may be kept, and looked at by others.
 */
async function turnAway(
  visitor: Visitor,
  app: App,
  kind: TokenKind,
  token: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Sent> {
  if (visitor.gets === 'landing-page') return sendLandingPage(app, kind, token, request, reply);
  await recordTurnedAway(visitor, app, kind, token, request);
  if (visitor.gets === 'preview') return sendPreviewPage(reply);
  const space = spaceOf(app, request);
  if (request.method !== 'HEAD') return sendBase(app, space, request, reply);
  requireProvisioningHeader(space, request);
  return send(xml(reply));
}

async function recordTurnedAway(
  { kind: visitor, name }: Visitor,
  app: App,
  kind: TokenKind,
  token: string,
  request: FastifyRequest,
): Promise<void> {
  const client = clientOf(request);
  const found = await examineToken(app, kind, token, client);
  if (found !== undefined) app.events.record(tokenEvent('turned-away', found, client, app.now(), { visitor, name }));
}

/** The same without its body; uses nothing up. */
export async function headOfToken(
  app: App,
  kind: TokenKind,
  token: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Sent> {
  const space = spaceOf(app, request);
  const visitor = visitorOf(request.headers);
  if (visitor.gets !== 'account') return turnAway(visitor, app, kind, token, request, reply);
  const client = clientOf(request);
  const hidden = kind === 'auth' || space.unknownToken === 'not-found';
  await requireHeaderForToken(app, kind, token, client, request);
  const found = hidden ? await examineToken(app, kind, token, client) : undefined;
  if (hidden && (found === undefined || found.refusal !== undefined)) throw unknownToken();
  return send(xml(reply));
}

function sendUnknown(app: App, kind: TokenKind, request: FastifyRequest, reply: FastifyReply): Sent | Promise<Sent> {
  const space = spaceOf(app, request);
  if (kind === 'auth' || space.unknownToken === 'not-found') throw unknownToken();
  return sendBase(app, space, request, reply);
}

export function sendBase(app: App, space: Space, request: FastifyRequest, reply: FastifyReply): Sent | Promise<Sent> {
  requireProvisioningHeader(space, request);
  const document = baseDocument(app, space, provisioningRequest(request));
  return Buffer.isBuffer(document) ? send(xml(reply), document) : document.then((bytes) => send(xml(reply), bytes));
}

/** The token's own space decides whether the header is demanded; for a token that is none, the space addressed. */
async function requireHeaderForToken(
  app: App,
  kind: TokenKind,
  token: string,
  client: Client,
  request: FastifyRequest,
) {
  if (hasProvisioningHeader(request)) return;
  if (!app.spaces.all.some((space) => space.requireProvisioningHeader)) return;
  const found = await examineToken(app, kind, token, client);
  const open = found !== undefined && found.refusal === undefined;
  const space = open ? found.space : spaceOf(app, request);
  if (open && space.requireProvisioningHeader) await recordRefusal(app, found, 'header-missing', client);
  requireProvisioningHeader(space, request);
}

export function requireProvisioningHeader(space: Space, request: FastifyRequest): void {
  if (space.requireProvisioningHeader && !hasProvisioningHeader(request)) {
    throw new AppError('provisioning-header-missing', 'This address is for Linphone 5.3 or later to fetch by itself.');
  }
}

/** `Content-Type` exactly so, for every version of Linphone. */
export function xml(reply: FastifyReply): FastifyReply {
  return reply.header('content-type', 'application/xml').header('cache-control', 'no-store');
}
