import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { preParsingHookHandler } from 'fastify';
import type { App } from '../app.ts';
import { refuseConnection } from './refuse-connection.ts';

/** The largest body takes five minutes at 0.6 Mbit/s, which slow DSL lines send. */
const usualWaits = { headersMs: 30_000, bodyMs: 30_000, uploadMs: 5 * 60_000 };

/** Returns how long the headers and the body of a request may take to arrive, and how long all of a large one may. */
export function requestWaits({ limits }: Pick<App, 'limits'>) {
  return limits.requests ?? usualWaits;
}

/**
 * Limits how long the rest of a request may take to arrive. Node.js has only one limit for all requests, which must be
 * long enough for the largest.
 */
function limitRest(request: IncomingMessage, response: ServerResponse, ms: number): void {
  if (request.complete || request.destroyed) return;
  const timer = setTimeout(() => {
    if (request.complete) return;
    if (response.headersSent) request.destroy();
    else refuseConnection(Object.assign(new Error('slow body'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), request.socket);
  }, ms).unref();
  const clear = () => clearTimeout(timer);
  request.once('end', clear).once('close', clear);
}

/** Returns a hook that limits how long the body of a route may take. By then, the server knows who is calling. */
export function limitBody(ms: number): preParsingHookHandler {
  return (request, reply, _payload, done) => {
    limitRest(request.raw, reply.raw, ms);
    done();
  };
}

/** Limits how long a body may go on after its request was answered. Strangers are refused before their body is read. */
export function limitUnreadBodies(handle: RequestListener, ms: number): RequestListener {
  return (request, response) => {
    if (hasBody(request)) response.once('close', () => limitRest(request, response, ms));
    handle(request, response);
  };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
