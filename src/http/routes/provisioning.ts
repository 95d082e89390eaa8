import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../app.ts';
import { AppError } from '../../errors.ts';
import { qrPng, qrSvg } from '../../lib/qr-code.ts';
import { landingPage } from '../../panel/pages/landing.ts';
import { accountDocument, baseDocument } from '../../provisioning/build-document.ts';
import type { ProvisioningRequest } from '../../provisioning/context.ts';
import { provisioningUrl } from '../../provisioning/issue-token.ts';
import { findAnswerableToken, redeemToken } from '../../provisioning/redeem-token.ts';
import type { Client } from '../../provisioning/token.ts';
import type { Space } from '../../spaces/space.ts';
import { observeDelivery } from '../observe-delivery.ts';
import { sendPage } from '../page.ts';
import { type Route, route } from '../route.ts';

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
      return xml(reply).send();
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
      return xml(reply).send(await accountDocument(app, space, account, provisioningRequest(request)));
    },
  }),
  route({
    method: 'HEAD',
    path: '/provisioning/me',
    caller: 'user',
    summary: 'The same without its body; no hook runs',
    handle: ({ reply }) => xml(reply).send(),
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
): Promise<FastifyReply> {
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
  return xml(reply).send(redeemed.document);
}

async function headOfToken(
  app: App,
  kind: TokenKind,
  token: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const space = spaceOf(app, request);
  if (isPrefetch(request)) return xml(reply).send();
  const client = clientOf(request);
  await requireHeaderForToken(app, kind, token, client, request);
  const hidden = kind === 'auth' || space.unknownToken === 'not-found';
  if (hidden && (await findAnswerableToken(app, kind, token, client)) === undefined) throw unknownToken();
  return xml(reply).send();
}

function sendUnknown(app: App, kind: TokenKind, request: FastifyRequest, reply: FastifyReply) {
  const space = spaceOf(app, request);
  if (kind === 'auth' || space.unknownToken === 'not-found') throw unknownToken();
  return sendBase(app, space, request, reply);
}

function unknownToken(): AppError {
  return new AppError('not-found', 'This code is not valid, or not any more: ask for a new one.');
}

function sendBase(app: App, space: Space, request: FastifyRequest, reply: FastifyReply) {
  requireProvisioningHeader(space, request);
  const document = baseDocument(app, space, provisioningRequest(request));
  return Buffer.isBuffer(document) ? xml(reply).send(document) : document.then((bytes) => xml(reply).send(bytes));
}

async function sendQrCode(app: App, token: string, request: FastifyRequest, reply: FastifyReply) {
  const found = await findAnswerableToken(app, 'provisioning', token, clientOf(request));
  if (found === undefined) throw unknownToken();
  const url = provisioningUrl(found.space, app.publicUrl, token, { resetPassword: resetsPassword(request) });
  const { format, size } = pictureOptions(request);
  reply.header('cache-control', 'no-store').header('x-qrcode-url', url);
  return format === 'svg'
    ? reply.header('content-type', 'image/svg+xml').send(Buffer.from(qrSvg(url, size)))
    : reply.header('content-type', 'image/png').send(qrPng(url, size));
}

function pictureOptions(request: FastifyRequest): { format: 'png' | 'svg'; size: { size?: number } } {
  const query = queryOf(request);
  const format = query.get('format') ?? 'png';
  if (format !== 'png' && format !== 'svg') throw new AppError('request-malformed', 'format must be png or svg.');
  const size = query.get('size');
  if (size === null) return { format, size: {} };
  const pixels = /^\d{1,5}$/.test(size) ? Number(size) : 0;
  if (pixels < 100 || pixels > 2000) throw new AppError('request-malformed', 'size must be a number from 100 to 2000.');
  return { format, size: { size: pixels } };
}

async function sendLandingPage(app: App, kind: TokenKind, token: string, request: FastifyRequest, reply: FastifyReply) {
  const found = await findAnswerableToken(app, kind, token, clientOf(request));
  const path = kind === 'auth' ? `auth_token/${token}` : token;
  const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
  const page = landingPage(
    found === undefined
      ? undefined
      : { name: found.space.name, url: `${provisioningUrl(found.space, app.publicUrl, path)}${query}` },
  );
  return sendPage(reply.header('referrer-policy', 'no-referrer').header('vary', 'Accept'), page);
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

function hasProvisioningHeader(request: FastifyRequest): boolean {
  return request.headers['x-linphone-provisioning'] !== undefined;
}

/** Linphone sends no `Accept` at all; browsers name HTML. */
function wantsHtml(request: FastifyRequest): boolean {
  return request.headers.accept?.toLowerCase().includes('text/html') ?? false;
}

/** Fetched in advance by a browser or a proxy, without anybody having asked. */
function isPrefetch({ headers }: FastifyRequest): boolean {
  return /prefetch|prerender/i.test(`${headers['sec-purpose'] ?? ''} ${headers.purpose ?? ''}`);
}

function resetsPassword(request: FastifyRequest): boolean {
  return request.url.includes('reset_password') && queryOf(request).has('reset_password');
}

function spaceOf(app: App, request: FastifyRequest): Space {
  return app.spaces.forHost(request.headers.host);
}

function clientOf(request: FastifyRequest): Client {
  return { address: request.ip, agent: (request.headers['user-agent'] ?? '').slice(0, 300) };
}

/** `Content-Type` exactly so, for every version of Linphone. */
function xml(reply: FastifyReply): FastifyReply {
  return reply.header('content-type', 'application/xml').header('cache-control', 'no-store');
}

function queryOf(request: FastifyRequest): URLSearchParams {
  const start = request.url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : request.url.slice(start + 1));
}

/** What a hook may know; the query is parsed only if one asks. */
function provisioningRequest(request: FastifyRequest): ProvisioningRequest {
  return {
    method: request.method,
    url: request.url,
    headers: request.headers,
    get address() {
      return request.ip;
    },
    get query() {
      return queryOf(request);
    },
  };
}
