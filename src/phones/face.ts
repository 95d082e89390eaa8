import { authenticate } from '../http/authenticate.ts';
import { sendTextFailure } from '../http/error-reply.ts';
import type { Face } from '../http/route.ts';
import { phoneRoutes } from './routes.ts';
import type { CodePages } from './turn-away.ts';

/** Serves what phones fetch, and the pages of codes that people open. */
export function phonesFace(pages: CodePages): Face {
  return {
    routes: phoneRoutes(pages),
    prefixes: ['/provisioning', '/contacts'],
    failureFormat: 'text',
    refusesUnexpectedFields: false,
    authenticate,
    // No endpoint here reads a body.
    parseBodies: (server) => server.removeAllContentTypeParsers(),
    sendFailure: sendTextFailure,
  };
}
