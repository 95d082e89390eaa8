import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import { baseDocument } from '../documents/build-document.ts';
import { AppError } from '../errors.ts';
import { hasProvisioningHeader, provisioningRequest, spaceOf } from '../http/client-facts.ts';
import { openEndpoint } from '../http/route.ts';
import { type AnsweredWith, type Sent, sendXml } from '../http/sent.ts';
import type { Space } from '../spaces/space.ts';

/** A request, and where its answer goes. */
interface Exchange {
  readonly app: App;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export const showBaseDocument = openEndpoint({
  summary: 'Get the base document: the settings without an account',
  needsNoDatabase: true,
  produces: ['application/xml'],
  handle: ({ app, request, reply }) => sendBase({ app, request, reply }, spaceOf(app, request)),
});

export const headOfBaseDocument = openEndpoint({
  summary: 'The same without a body; no hook runs',
  handle: ({ app, request, reply }) => sendBaseHead(spaceOf(app, request), request, reply),
});

export function sendBase(
  { app, request, reply }: Exchange,
  space: Space,
  answeredWith: AnsweredWith = 'base',
): Sent | Promise<Sent> {
  requireProvisioningHeader(space, request);
  request.answeredWith = answeredWith;
  const document = baseDocument(app, space, provisioningRequest(request));
  return typeof document === 'string' ? sendXml(reply, document) : document.then((text) => sendXml(reply, text));
}

export function sendBaseHead(space: Space, request: FastifyRequest, reply: FastifyReply): Sent {
  requireProvisioningHeader(space, request);
  return sendXml(reply);
}

export function requireProvisioningHeader(space: Space, request: FastifyRequest): void {
  if (space.requireProvisioningHeader && !hasProvisioningHeader(request)) {
    throw new AppError('provisioning-header-missing', {});
  }
}
