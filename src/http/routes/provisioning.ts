import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../app.ts';
import { AppError } from '../../errors.ts';
import { accountDocument, baseDocument } from '../../provisioning/build-document.ts';
import { findAnswerableToken, redeemToken } from '../../provisioning/redeem-token.ts';
import type { Client } from '../../provisioning/token.ts';
import type { Space } from '../../spaces/space.ts';
import { observeDelivery } from '../observe-delivery.ts';
import {
  clientOf,
  hasProvisioningHeader,
  isPrefetch,
  provisioningRequest,
  resetsPassword,
  spaceOf,
  unknownToken,
  wantsHtml,
} from '../provisioning-request.ts';
import { type Route, route } from '../route.ts';
import { type Sent, send } from '../sent.ts';
import { sendLandingPage, sendQrCode } from '../show-token.ts';

type TokenKind = 'provisioning' | 'auth';

export const provisioningRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/provisioning',
    caller: 'anyone',
    summary: 'The configuration of a phone without an account',
    handle: ({ app, request, reply }) => sendBase(app, spaceOf(app, request), request, reply),
  }),
  route({
    method: 'HEAD',
    path: '/provisioning',
    caller: 'anyone',
    summary: 'The same without its body; no hook runs',
    handle: ({ app, request, reply }) => {
      requireProvisioningHeader(spaceOf(app, request), request);
      return send(xml(reply));
    },
  }),
  route({
    method: 'GET',
    path: '/provisioning/:token',
    caller: 'anyone',
    summary: 'The configuration of a phone with the account that the token stands for; uses the token up',
    description:
      'A valid token is answered once, activates the account and, with `reset_password` in the query, sets a new password. ' +
      'Any other token is answered like `/provisioning`. A browser gets a page that uses nothing up.',
    handle: ({ app, params, request, reply }) => {
      if (wantsHtml(request)) return sendLandingPage(app, 'provisioning', params.token, request, reply);
      return answerToken(app, 'provisioning', params.token, request, reply);
    },
  }),
  route({
    method: 'HEAD',
    path: '/provisioning/:token',
    caller: 'anyone',
    summary: 'The same without its body; uses nothing up',
    handle: async ({ app, params, request, reply }) => {
      if (wantsHtml(request)) return sendLandingPage(app, 'provisioning', params.token, request, reply);
      return headOfToken(app, 'provisioning', params.token, request, reply);
    },
  }),
  route({
    method: 'GET',
    path: '/provisioning/qrcode/:token',
    caller: 'anyone',
    summary: 'The QR code of a valid token, as PNG or, with `format=svg`, as SVG; uses nothing up',
    description: 'The address in the code also stands in `X-Qrcode-URL`. `size`: the width in pixels, 100 to 2000.',
    handle: ({ app, params, request, reply }) => sendQrCode(app, params.token, request, reply),
  }),
  route({
    method: 'HEAD',
    path: '/provisioning/qrcode/:token',
    caller: 'anyone',
    summary: 'The same without its body',
    handle: ({ app, params, request, reply }) => sendQrCode(app, params.token, request, reply),
  }),
  route({
    method: 'GET',
    path: '/provisioning/me',
    caller: 'user',
    summary: "The configuration of a phone with the caller's own account, every time",
    handle: async ({ app, caller, request, reply }) => {
      const { space, account } = caller;
      return send(xml(reply), await accountDocument(app, space, account, provisioningRequest(request)));
    },
  }),
  route({
    method: 'HEAD',
    path: '/provisioning/me',
    caller: 'user',
    summary: 'The same without its body; no hook runs',
    handle: ({ reply }) => send(xml(reply)),
  }),
  route({
    method: 'GET',
    path: '/provisioning/auth_token/:authToken',
    caller: 'anyone',
    summary: 'The configuration of a phone with the account that an attached auth token stands for; uses it up',
    handle: ({ app, params, request, reply }) => {
      if (wantsHtml(request)) return sendLandingPage(app, 'auth', params.authToken, request, reply);
      return answerToken(app, 'auth', params.authToken, request, reply);
    },
  }),
  route({
    method: 'HEAD',
    path: '/provisioning/auth_token/:authToken',
    caller: 'anyone',
    summary: 'The same without its body; uses nothing up',
    handle: async ({ app, params, request, reply }) => {
      if (wantsHtml(request)) return sendLandingPage(app, 'auth', params.authToken, request, reply);
      return headOfToken(app, 'auth', params.authToken, request, reply);
    },
  }),
];

async function answerToken(
  app: App,
  kind: TokenKind,
  token: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Sent> {
  if (isPrefetch(request)) return sendBase(app, spaceOf(app, request), request, reply);
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

async function headOfToken(
  app: App,
  kind: TokenKind,
  token: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Sent> {
  const space = spaceOf(app, request);
  if (isPrefetch(request)) return send(xml(reply));
  const client = clientOf(request);
  await requireHeaderForToken(app, kind, token, client, request);
  const hidden = kind === 'auth' || space.unknownToken === 'not-found';
  if (hidden && (await findAnswerableToken(app, kind, token, client)) === undefined) throw unknownToken();
  return send(xml(reply));
}

function sendUnknown(app: App, kind: TokenKind, request: FastifyRequest, reply: FastifyReply): Sent | Promise<Sent> {
  const space = spaceOf(app, request);
  if (kind === 'auth' || space.unknownToken === 'not-found') throw unknownToken();
  return sendBase(app, space, request, reply);
}

function sendBase(app: App, space: Space, request: FastifyRequest, reply: FastifyReply): Sent | Promise<Sent> {
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
  const found = await findAnswerableToken(app, kind, token, client);
  requireProvisioningHeader(found?.space ?? spaceOf(app, request), request);
}

function requireProvisioningHeader(space: Space, request: FastifyRequest): void {
  if (space.requireProvisioningHeader && !hasProvisioningHeader(request)) {
    throw new AppError('provisioning-header-missing', 'This address is for Linphone 5.3 or later to fetch by itself.');
  }
}

/** `Content-Type` exactly so, for every version of Linphone. */
function xml(reply: FastifyReply): FastifyReply {
  return reply.header('content-type', 'application/xml').header('cache-control', 'no-store');
}
