import type { FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import type { Space } from '../spaces/space.ts';
import type { Client } from '../tokens/token.ts';

const maxAgentLength = 300;

/** Returns the client's address and User-Agent. */
export function clientOf(request: FastifyRequest): Client {
  return { address: request.ip, agent: (request.headers['user-agent'] ?? '').slice(0, maxAgentLength) };
}

/** Returns the space that applies if nothing else in the request names one. */
export function spaceOf(app: App, request: FastifyRequest): Space {
  return app.spaces.forHost(request.headers.host);
}

export function queryOf(request: FastifyRequest): URLSearchParams {
  const start = request.url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : request.url.slice(start + 1));
}

export function hasProvisioningHeader(request: FastifyRequest): boolean {
  return request.headers['x-linphone-provisioning'] !== undefined;
}
