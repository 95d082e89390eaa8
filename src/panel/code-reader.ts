import type { FastifyRequest } from 'fastify';
import { queryOf } from '../http/client-facts.ts';

import { isLanguage, type Language, preferredLanguage } from '../lib/languages.ts';
import { ownTimeZone } from '../locale/moment-text.ts';
import { translator } from '../locale/translate.ts';
import type { Space } from '../spaces/space.ts';

import type { Reader } from './reader.ts';

/**
 * Returns the reader of a page at an address for phones, where cookies are neither read nor set. `own` is the language
 * of the account that the code is for.
 */
export function codeReaderOf(
  prefix: string,
  request: FastifyRequest,
  space: Pick<Space, 'language' | 'timeZone'>,
  own: Language | null = null,
): Reader {
  const wished = queryOf(request).get('lang') ?? own ?? undefined;
  const language = isLanguage(wished)
    ? wished
    : (own ?? preferredLanguage(request.headers['accept-language']) ?? space.language);
  return { language, t: translator(language), prefix, timeZone: space.timeZone ?? ownTimeZone() };
}

/** The facts besides the code that its page depends on. */
export interface CodeVisit {
  readonly reader: Reader;
  /** The URL of the request. */
  readonly url: string;
  readonly agent: string;
}

/** A code that a phone can use now. */
export interface ShownCode {
  /** The name of the person; null if it is unknown or must not be shown. */
  readonly name: string | null;
  /** The URL in the code, which Linphone fetches. */
  readonly url: string;
  /** null if it never expires. */
  readonly expiresAt: number | null;
  /** The path of the events about the code, without the path prefix; null if there are none. */
  readonly events: string | null;
}
