import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import { baseDocument } from '../documents/build-document.ts';
import { AppError } from '../errors.ts';
import type { AnsweredWith } from '../http/answered-with.ts';
import { hasProvisioningHeader, spaceOf } from '../http/client-facts.ts';
import { openEndpoint } from '../http/route.ts';
import { type Sent, send } from '../http/sent.ts';
import type { Space } from '../spaces/space.ts';
import { provisioningRequest } from './provisioning-request.ts';

export const showBaseDocument = openEndpoint({
  summary: 'Get the configuration of a phone without an account',
  produces: ['application/xml'],
  handle: ({ app, request, reply }) => sendBase(app, spaceOf(app, request), request, reply),
});

export const headOfBaseDocument = openEndpoint({
  summary: 'The same without a body; no hook runs',
  handle: ({ app, request, reply }) => sendBaseHead(spaceOf(app, request), request, reply),
});

export function sendBase(
  app: App,
  space: Space,
  request: FastifyRequest,
  reply: FastifyReply,
  answeredWith: AnsweredWith = 'base',
): Sent | Promise<Sent> {
  requireProvisioningHeader(space, request);
  request.answeredWith = answeredWith;
  const document = baseDocument(app, space, provisioningRequest(request));
  return typeof document === 'string' ? send(xml(reply), document) : document.then((text) => send(xml(reply), text));
}

export function sendBaseHead(space: Space, request: FastifyRequest, reply: FastifyReply): Sent {
  requireProvisioningHeader(space, request);
  return send(xml(reply));
}

export function requireProvisioningHeader(space: Space, request: FastifyRequest): void {
  if (space.requireProvisioningHeader && !hasProvisioningHeader(request)) {
    throw new AppError('provisioning-header-missing', {});
  }
}

/** Sets the one `Content-Type` that every version of Linphone accepts. */
export function xml(reply: FastifyReply): FastifyReply {
  return reply.header('content-type', 'application/xml').header('cache-control', 'no-store');
}
