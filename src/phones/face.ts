import { sendTextFailure } from '../http/error-reply.ts';
import type { Face } from '../http/face.ts';
import type { CodePages } from './pages.ts';
import { phoneRoutes } from './routes.ts';

/** What phones fetch, and the pages of the codes that people scan. */
export function phonesFace(pages: CodePages): Face {
  return {
    routes: phoneRoutes(pages),
    prefixes: ['/provisioning', '/contacts'],
    failureType: 'text/plain',
    refusesUnexpectedFields: false,
    // No endpoint here reads a body.
    parseBodies: (server) => server.removeAllContentTypeParsers(),
    sendFailure: sendTextFailure,
  };
}
