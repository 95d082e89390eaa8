import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import type { ErrorKind } from '../errors/catalogue.ts';
import { AppError } from '../errors.ts';
import { setChallenge } from './authenticate.ts';
import type { Face } from './route.ts';

export const statusOfKind: Readonly<Record<ErrorKind, number>> = {
  usage: 500,
  'bad-request': 400,
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'too-large': 413,
  unsupported: 415,
  'too-many': 429,
  failed: 500,
  unavailable: 503,
};

/** Replies with a failure. If the caller may not see it, logs it in full and replies without details. */
export function replyWithError(
  app: App,
  face: Pick<Face, 'sendFailure'>,
  thrown: unknown,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): void {
  const error = asAppError(app, thrown, request);
  if (error.kind === 'unauthenticated') setChallenge(app, request, reply);
  if (error.kind === 'unavailable') reply.header('retry-after', '1');
  const wait =
    error.factsOf('too-many-open') ?? error.factsOf('too-many-sign-ins') ?? error.factsOf('too-many-requests');
  if (wait !== undefined) reply.header('retry-after', String(wait.retryAfterSeconds));
  sendError(face, reply, error);
}

/** Replies with a failure in the format of the face. */
export function sendError(face: Pick<Face, 'sendFailure'>, reply: FastifyReply, error: AppError): void {
  // Also set here, because no hook runs for an address that the router cannot parse.
  face.sendFailure(reply.code(statusOfKind[error.kind]).header('cache-control', 'no-store'), error);
}

/** Sends a failure as one line of text. */
export function sendTextFailure(reply: FastifyReply, { message }: AppError): void {
  reply.header('content-type', 'text/plain; charset=utf-8').send(`${message}\n`);
}

function asAppError(app: App, thrown: unknown, request: FastifyRequest): AppError {
  if (thrown instanceof AppError) {
    if (thrown.code === 'database-unavailable') {
      app.outages.report(thrown, { request: request.id }, 'the database failed during a request');
    }
    if (thrown.kind === 'failed') app.log.error({ request: request.id, err: thrown }, 'a request failed');
    return thrown;
  }
  if (thrown instanceof Error) {
    const known = requestFaults[(thrown as FastifyError).code];
    if (known !== undefined) return known(request);
    const status = (thrown as FastifyError).statusCode;
    if (status !== undefined && status < 500) return new AppError('request-malformed', { why: 'unreadable' });
  }
  app.log.error({ request: request.id, err: thrown }, 'a request failed unexpectedly');
  return new AppError('internal', { request: request.id });
}

const formType = 'application/x-www-form-urlencoded';

/** Fastify's errors about requests, translated to our failures. */
const requestFaults: Readonly<Record<string, (request: FastifyRequest) => AppError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => new AppError('too-large', { what: 'body' }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ({ headers, server }) =>
    new AppError('media-type-unsupported', {
      type: headers['content-type'] ?? '',
      wanted: server.hasContentTypeParser(formType) ? formType : 'application/json',
    }),
  FST_ERR_CTP_INVALID_JSON_BODY: () => new AppError('body-malformed', { why: 'not-json' }),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => new AppError('request-malformed', { why: 'length' }),
  FST_ERR_BAD_URL: () => new AppError('request-malformed', { why: 'address' }),
};
