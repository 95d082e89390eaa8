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
    /** Use this instead of `ip`, which trusts no proxy. */
    readonly sender: Sender;
  }
}

const maxAgentLength = 300;

/** Returns whether a browser requests a page. */
export function acceptsHtml({ accept }: IncomingHttpHeaders): boolean {
  return accept?.toLowerCase().includes('text/html') ?? false;
}

/** Returns a function that finds the sender of a request. `isTrusted` says which addresses are trusted proxies. */
export function senderReader(isTrusted: (address: string) => boolean): (request: FastifyRequest) => Sender {
  // Determined once for each connection, because its peer does not change.
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

/** Returns the space of the request's host, which applies if nothing else in the request selects one. */
export function spaceOf(app: App, request: FastifyRequest): Space {
  return app.spaces.forHost(request.headers.host);
}

export function queryOf(request: FastifyRequest): URLSearchParams {
  const start = request.url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : request.url.slice(start + 1));
}

/** Returns the query of a URL as it was sent, with its `?`, but without the parameter `lang`. */
export function queryWithoutLanguage(url: string): string {
  const start = url.indexOf('?');
  if (start === -1) return '';
  const kept = url
    .slice(start + 1)
    .split('&')
    .filter((part) => part !== '' && !/^lang(=|$)/.test(part));
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

/** Returns whether the query has a parameter, with or without a value. */
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

/** Returns what hooks may see of the request. The query is parsed only if a hook reads it. */
export function provisioningRequest(request: FastifyRequest): ProvisioningRequest {
  return new ReadWhenAsked(request);
}

// A class, because V8 creates a hidden class for each object literal with accessors, which outlives the request by far.
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
