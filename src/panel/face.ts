import type { FastifyInstance } from 'fastify';
import { sendTextFailure } from '../http/error-reply.ts';
import type { Face } from '../http/face.ts';
import { tooMuchIn } from '../http/request-size.ts';
import { panelRoutes } from './routes.ts';

/** Pages for people, and all paths that no other face has. */
export const panelFace: Face = {
  routes: panelRoutes,
  prefixes: ['/'],
  failureType: 'text/plain',
  refusesUnexpectedFields: false,
  parseBodies: parseForms,
  sendFailure: sendTextFailure,
};

function parseForms(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    const fields = Object.fromEntries(new URLSearchParams(body.toString()));
    done(tooMuchIn(fields), fields);
  });
}
