import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import type { ProvisioningRequest } from '../documents/document-hooks.ts';
import { directSender, type Sender, senderOf } from '../lib/forwarded-for.ts';
import { headerText, shortAgent } from '../lib/header-text.ts';
import { onceFor } from '../lib/once-for.ts';
import type { Space } from '../spaces/space.ts';
import type { Client } from '../tokens/token.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Read it instead of `ip`, which believes no proxy. */
    readonly sender: Sender;
  }
}

const maxAgentLength = 300;

/** Whether a browser asks for a page. */
export function acceptsHtml({ accept }: IncomingHttpHeaders): boolean {
  return accept?.toLowerCase().includes('text/html') ?? false;
}

/** Returns how to find the sender of a request, given which addresses belong to trusted proxies. */
export function senderReader(isTrusted: (address: string) => boolean): (request: FastifyRequest) => Sender {
  // Read once for each connection, because its other end stays the same.
  const direct = onceFor((socket: Socket) => directSender(socket.remoteAddress ?? '', isTrusted));
  return ({ raw }) => {
    const forwardedFor = raw.headers['x-forwarded-for'];
    return senderOf(direct(raw.socket), Array.isArray(forwardedFor) ? forwardedFor.join() : forwardedFor, isTrusted);
  };
}

/** Returns the client's address and User-Agent. */
export function clientOf(request: FastifyRequest): Client {
  const { address, named } = request.sender;
  return { address, named, agent: shortAgent(request.headers['user-agent'] ?? '', maxAgentLength) };
}

/** Returns the space that applies if nothing else in the request names one. */
export function spaceOf(app: App, request: FastifyRequest): Space {
  return app.spaces.forHost(request.headers.host);
}

export function queryOf(request: FastifyRequest): URLSearchParams {
  const start = request.url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : request.url.slice(start + 1));
}

/** Returns the query of an address as it was sent, with its `?`, but without the parameter `lang`. */
export function queryWithoutLanguage(url: string): string {
  const start = url.indexOf('?');
  if (start === -1) return '';
  const kept = url
    .slice(start + 1)
    .split('&')
    .filter((part) => part !== '' && !/^lang(=|$)/.test(part));
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

/** Whether the query names a parameter, with or without a value. */
export function queryHas(request: FastifyRequest, name: string): boolean {
  return request.url.includes(name) && queryOf(request).has(name);
}

/** Returns a header that may be repeated as one text. */
export function singleHeader(header: string | string[] | undefined): string | undefined {
  return header === undefined ? undefined : headerText(Array.isArray(header) ? header.join(', ') : header);
}

export function hasProvisioningHeader(request: FastifyRequest): boolean {
  return request.headers['x-linphone-provisioning'] !== undefined;
}

/** What a hook may know; the query is parsed only if one asks. */
export function provisioningRequest(request: FastifyRequest): ProvisioningRequest {
  return new ReadWhenAsked(request);
}

// A class, because V8 gives each object literal with accessors a hidden class of its own, which long outlives the request.
class ReadWhenAsked implements ProvisioningRequest {
  readonly #request: FastifyRequest;

  constructor(request: FastifyRequest) {
    this.#request = request;
  }
  get method(): string {
    return this.#request.method;
  }
  get url(): string {
    return this.#request.url;
  }
  get headers(): FastifyRequest['headers'] {
    return this.#request.headers;
  }
  get address(): string {
    return this.#request.sender.address;
  }
  get query(): URLSearchParams {
    return queryOf(this.#request);
  }
}
