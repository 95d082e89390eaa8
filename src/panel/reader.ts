import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { html } from 'ghtml';
import type { App } from '../app.ts';
import { queryOf } from '../http/client-facts.ts';
import { isLanguage, type Language, preferredLanguage } from '../lib/languages.ts';
import { type Clock, momentText, ownTimeZone } from '../locale/moment-text.ts';
import { type Translate, translator } from '../locale/translate.ts';
import type { Space } from '../spaces/space.ts';

/** The person that a page is for: language, time zone, and the path prefix for links. */
export interface Reader extends Clock {
  readonly t: Translate;
  /** The path prefix of the public URL. */
  readonly prefix: string;
}

const cookieName = 'ringup_language';
const maxAgeSeconds = 365 * 86_400;

/**
 * Returns the reader of a request. Pages about a space or an account name the space, because its time zone counts. It
 * defaults to that of the signed-in person, or else that of the host. For the language, the query comes first and is
 * stored in a cookie; then the cookie, the account, the browser and the space.
 */
export function readerOf(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  space: Space = request.caller?.space ?? app.spaces.forHost(request.headers.host),
): Reader {
  const { pathPrefix: prefix } = app;
  const language = wishedLanguage(prefix, request, reply) ?? languageOf(request, space);
  return { language, t: translator(language), prefix, timeZone: space.timeZone ?? ownTimeZone() };
}

/** Returns the reader of a failure, which may have occurred before anything was known about the request. */
export function failureReaderOf(
  prefix: string,
  request: FastifyRequest,
  reply: FastifyReply,
  space: Pick<Space, 'language'>,
): Reader {
  const language = wishedLanguage(prefix, request, reply) ?? languageOf(request, space);
  return { language, t: translator(language), prefix, timeZone: ownTimeZone() };
}

/** Returns the language in the query, if there is one, and stores it in a cookie. */
function wishedLanguage(prefix: string, request: FastifyRequest, reply: FastifyReply): Language | undefined {
  const value = queryOf(request).get('lang') ?? undefined;
  if (!isLanguage(value)) return undefined;
  const cookie = { name: cookieName, value, maxAge: maxAgeSeconds, sameSite: 'lax', path: prefix || '/' } as const;
  const kept = stringifySetCookie(cookie);
  // The page that failed may have stored it already.
  if (![reply.getHeader('set-cookie')].flat().includes(kept)) reply.header('set-cookie', kept);
  return value;
}

function languageOf({ headers, caller }: FastifyRequest, space: Pick<Space, 'language'>): Language {
  const kept = headers.cookie === undefined ? undefined : parseCookie(headers.cookie)[cookieName];
  if (isLanguage(kept)) return kept;
  return caller?.account.language ?? preferredLanguage(headers['accept-language']) ?? space.language;
}

/** Returns a moment as a `<time>` element, which a script may convert to the browser's time zone. */
export function moment(reader: Clock, at: number): string {
  return html`<time datetime="${new Date(at).toISOString()}" data-style="moment">${momentText(reader, at)}</time>`;
}
