import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { AppError } from '../errors.ts';
import { authenticate } from '../http/authenticate.ts';
import { tooMuchIn } from '../http/request-size.ts';
import type { Face } from '../http/route.ts';
import { sendJson } from '../http/sent.ts';
import { fewEachTurn } from '../lib/few-each-turn.ts';
import { apiRoutes } from './routes.ts';

/** Serves FlexiAPI's JSON and `/health`. */
export const apiFace: Face = {
  routes: apiRoutes,
  prefixes: ['/api/', '/health'],
  failureFormat: 'json',
  refusesUnexpectedFields: true,
  authenticate,
  turn: fewEachTurn(8),
  parseBodies: parseJsonObjects,
  sendFailure: sendJsonFailure,
};

/** Accepts only JSON objects. An empty body counts as no body, even with a content type. */
function parseJsonObjects(server: FastifyInstance): void {
  // `__proto__` stays a plain field, so that the schema refuses it like any other unknown field.
  const parseJson = server.getDefaultJsonParser('ignore', 'ignore');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    const text = utf8Of(body);
    if (text === undefined) return done(new AppError('body-malformed', { why: 'not-utf8' }));
    parseJson(request, text, (error, value) => {
      if (error !== null) return done(new AppError('body-malformed', { why: 'not-json' }));
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return done(tooMuchIn(value), value);
      done(new AppError('body-malformed', { why: 'not-an-object' }));
    });
  });
}

/** Returns undefined for invalid UTF-8, instead of replacing the invalid bytes by U+FFFD. */
function utf8Of(body: string | Buffer): string | undefined {
  return typeof body === 'string' || isUtf8(body) ? body.toString() : undefined;
}

function sendJsonFailure(reply: FastifyReply, { message, code, fields }: AppError): void {
  sendJson(reply, { message, code, ...(fields === undefined ? {} : { errors: fields }) });
}
