import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import { AppError } from '../errors.ts';
import { sendPage } from '../http/page.ts';
import { type Sent, send } from '../http/sent.ts';
import { qrPng, qrSvg } from '../lib/qr-code.ts';
import { landingPage, previewPage } from '../panel/pages/landing.ts';
import { type ExaminedToken, examineToken } from '../provisioning/examine-token.ts';
import type { Space } from '../spaces/space.ts';
import { provisioningUrl } from '../tokens/issue-token.ts';
import { tokenEvent } from '../tokens/token-events.ts';
import { clientOf, queryOf, resetsPassword, unknownToken } from './provisioning-request.ts';

/** The QR code of a valid token; its address also stands in `X-Qrcode-URL`. Uses nothing up. */
export async function sendQrCode(app: App, token: string, request: FastifyRequest, reply: FastifyReply) {
  const client = clientOf(request);
  const found = await examineToken(app, 'provisioning', token, client);
  if (found === undefined || found.refusal !== undefined) throw unknownToken();
  const url = provisioningUrl(found.space, app.publicUrl, token, { resetPassword: resetsPassword(request) });
  const { format, size } = pictureOptions(request);
  app.events.record(tokenEvent('code-shown', found, client, app.now()));
  reply.header('cache-control', 'no-store').header('x-qrcode-url', url);
  return format === 'svg'
    ? send(reply.header('content-type', 'image/svg+xml'), Buffer.from(qrSvg(url, size)))
    : send(reply.header('content-type', 'image/png'), qrPng(url, size));
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

/** What a person sees who opens the address in a browser. Uses nothing up. */
export async function sendLandingPage(
  app: App,
  kind: 'provisioning' | 'auth',
  token: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Sent> {
  const client = clientOf(request);
  const found = await examineToken(app, kind, token, client);
  if (found !== undefined) {
    const detail = found.refusal === undefined ? {} : { reason: found.refusal };
    app.events.record(tokenEvent('page-opened', found, client, app.now(), detail));
  }
  const path = kind === 'auth' ? `auth_token/${token}` : token;
  const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
  const page = landingPage(whatToShow(found, (space) => `${provisioningUrl(space, app.publicUrl, path)}${query}`));
  return sendPage(reply.header('referrer-policy', 'no-referrer').header('vary', 'Accept'), page);
}

function whatToShow(
  found: ExaminedToken | undefined,
  urlIn: (space: Space) => string,
): Parameters<typeof landingPage>[0] {
  if (found === undefined) return undefined;
  if (found.refusal === undefined) return { name: found.space.name, url: urlIn(found.space) };
  return found.refusal === 'too-many-devices' ? 'too-many-devices' : undefined;
}

/** What a program is shown that opens links by itself: the same for every address. */
export function sendPreviewPage(reply: FastifyReply): Sent {
  return sendPage(reply.header('vary', 'Accept'), previewPage);
}
