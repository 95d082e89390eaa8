import type { FastifyRequest } from 'fastify';
import type { ProvisioningRequest } from '../documents/document-hooks.ts';
import { AppError } from '../errors.ts';
import { queryOf } from '../http/client-facts.ts';

export function resetsPassword(request: FastifyRequest): boolean {
  return request.url.includes('reset_password') && queryOf(request).has('reset_password');
}

/** Returns what hooks may know about a request. The query is parsed only if a hook reads it. */
export function provisioningRequest(request: FastifyRequest): ProvisioningRequest {
  return new ReadWhenAsked(request);
}

// A class, because V8 creates a new shape for each object literal with accessors, and the shape outlives the request.
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
    return this.#request.ip;
  }
  get query(): URLSearchParams {
    return queryOf(this.#request);
  }
}

export function unknownToken(): AppError {
  return new AppError('not-found', { what: 'code' });
}
