import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AppError } from '../errors.ts';
import { authenticateSession } from '../http/authenticate.ts';
import { acceptsHtml } from '../http/client-facts.ts';
import { sendTextFailure } from '../http/error-reply.ts';
import { sendPage } from '../http/page.ts';
import { parseUploads } from '../http/parse-uploads.ts';
import { tooManyFieldsIn, tooMuchIn } from '../http/request-size.ts';
import type { Face } from '../http/route.ts';
import { seeOther } from '../http/see-other.ts';
import { fewEachTurn } from '../lib/few-each-turn.ts';
import type { Language } from '../lib/languages.ts';
import { type PathPrefix, prefixNow } from '../lib/web-address.ts';
import { queryForNext } from './next-page.ts';
import { failurePage } from './pages/failure.ts';
import { failureReaderOf } from './reader.ts';
import { panelRoutes } from './routes.ts';

/** Returns the language of the space that a host name belongs to. */
export type LanguageAt = (host: string | undefined) => Language;

/**
 * Serves pages for people, and answers all paths that no other face has. `languageAt` is for failures of people about
 * whom nothing else is known.
 */
export function panelFace(prefix: PathPrefix, languageAt: LanguageAt = () => 'en'): Face {
  return {
    routes: panelRoutes,
    prefixes: ['/'],
    failureFormat: 'page',
    refusesUnexpectedFields: false,
    authenticate: authenticateSession,
    turn: fewEachTurn(8),
    parseBodies(server) {
      parseForms(server);
      parseUploads(server);
    },
    sendFailure(reply, error) {
      const signIn = pathToSignIn(reply.request, error);
      if (signIn === undefined) sendFailure({ prefix: prefixNow(prefix), languageAt }, reply, error);
      else seeOther({ pathPrefix: prefixNow(prefix) }, reply, signIn);
    },
  };
}

/**
 * Returns where a request without a session leads, unless it is a form that would be lost. To sign out, nothing is left
 * to do. The cookie stays, because nothing says that the form came from a page of ours.
 */
function pathToSignIn({ method, url, routeOptions }: FastifyRequest, { code }: AppError): string | undefined {
  if (code !== 'session-required') return undefined;
  if (method === 'GET' || method === 'HEAD') return `/login${queryForNext(url)}`;
  return routeOptions.url === '/logout' ? '/login' : undefined;
}

/** Sends browsers a page, and all other clients a line of text. */
function sendFailure(
  { prefix, languageAt }: { readonly prefix: string; readonly languageAt: LanguageAt },
  reply: FastifyReply,
  error: AppError,
): void {
  const { headers, url } = reply.request;
  if (!acceptsHtml(headers)) {
    sendTextFailure(reply.header('vary', 'Accept'), error);
    return;
  }
  reply.header('vary', 'Accept, Accept-Language, Cookie');
  const failure = { status: reply.statusCode, url, error, space: reply.request.caller?.space };
  const space = failure.space ?? { language: languageAt(headers.host) };
  sendPage(reply, failurePage(failureReaderOf(prefix, reply.request, reply, space), failure));
}

function parseForms(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    const form = body.toString();
    const failure = tooManyFieldsIn(form);
    if (failure !== null) {
      done(failure, undefined);
      return;
    }
    const fields = fieldsOf(new URLSearchParams(form));
    done(tooMuchIn(fields), fields);
  });
}

/**
 * Returns the fields of a form. A name that occurs several times, such as the checkboxes of a list, gets a list of
 * values.
 */
function fieldsOf(form: URLSearchParams): Record<string, string | string[]> {
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of form) {
    const before = fields.get(name);
    if (before === undefined) fields.set(name, value);
    else if (typeof before === 'string') fields.set(name, [before, value]);
    else before.push(value);
  }
  return Object.fromEntries(fields);
}
