import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Page, sendSecretPage } from '../../http/page.ts';
import type { Sent } from '../../http/sent.ts';
import type { Language } from '../../lib/languages.ts';
import { onceFor } from '../../lib/once-for.ts';
import { type PathPrefix, prefixNow } from '../../lib/web-address.ts';
import type { Space } from '../../spaces/space.ts';
import { type CodeVisit, codeReaderOf, type ShownCode } from '../code-reader.ts';
import type { Reader } from '../reader.ts';
import { codePage } from './landing-code.ts';
import { noRoomPage, notValidPage, previewPage } from './landing-without-code.ts';

/** What the page of a code is about. */
export type Invitation =
  | ({
      readonly state: 'valid';
      readonly space: Space;
      /** The language of the account; null if none is set. */
      readonly language: Language | null;
    } & ShownCode)
  /** `full` means that the code is valid, but its account has no room for another phone. */
  | { readonly state: 'full' | 'not-valid'; readonly space: Space };

/** Returns the pages at the addresses that phones use, for a server with this path prefix. */
export function codePages(prefix: PathPrefix) {
  const previewFor = onceFor((_words: Reader['t'], reader: Reader) => previewPage(reader));
  return {
    sendLandingPage(request: FastifyRequest, reply: FastifyReply, invitation: Invitation): Sent {
      const { url, headers } = request;
      const own = invitation.state === 'valid' ? invitation.language : null;
      const reader = codeReaderOf(prefixNow(prefix), request, invitation.space, own);
      return send(reply, landingPage({ reader, url, agent: headers['user-agent'] ?? '' }, invitation));
    },
    sendPreviewPage(request: FastifyRequest, reply: FastifyReply): Sent {
      // The page is the same for every space, so it has no time zone either.
      const reader = codeReaderOf(prefixNow(prefix), request, { language: 'en', timeZone: null });
      return send(reply, previewFor(reader.t, reader));
    },
  };
}

function send(reply: FastifyReply, page: Page): Sent {
  return sendSecretPage(reply.header('vary', 'Accept, Accept-Language, User-Agent'), page);
}

/** Returns the page that a browser gets at the address where Linphone fetches its configuration. */
export function landingPage(visit: CodeVisit, invitation: Invitation): Page {
  switch (invitation.state) {
    case 'valid':
      return { html: codePage(visit, invitation.space, invitation) };
    case 'full':
      return { html: noRoomPage(visit, invitation.space) };
    case 'not-valid':
      return { html: notValidPage(visit, invitation.space) };
  }
}
