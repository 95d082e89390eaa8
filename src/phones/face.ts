import { authenticate } from '../http/authenticate.ts';
import { sendTextFailure } from '../http/error-reply.ts';
import type { Face } from '../http/route.ts';
import { phoneRoutes } from './routes.ts';
import type { CodePages } from './turn-away.ts';

/** What phones fetch, and the pages of the codes that people scan. */
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
