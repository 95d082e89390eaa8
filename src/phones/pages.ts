import type { FastifyReply } from 'fastify';
import type { Sent } from '../http/sent.ts';

/** What the page of a code shows: the address to fetch, or why there is none. */
export type Invitation = { readonly name: string; readonly url: string } | 'too-many-devices' | undefined;

/** The pages that people see where phones fetch their document. */
export interface CodePages {
  /** The page of a code; undefined: the code is not valid. */
  sendLandingPage(reply: FastifyReply, invitation: Invitation): Sent;
  /** What a program is shown that opens links by itself: the same for every address. */
  sendPreviewPage(reply: FastifyReply): Sent;
}
