import type { FastifyReply } from 'fastify';
import type { Sent } from '../http/sent.ts';

/** What the page of a code shows: the address to fetch, or why there is none. Undefined if the code is not valid. */
export type Invitation = { readonly name: string; readonly url: string } | 'too-many-devices' | undefined;

/** The pages that people see at the addresses that phones fetch. */
export interface CodePages {
  /** Sends the page of a code. */
  sendLandingPage(reply: FastifyReply, invitation: Invitation): Sent;
  /** Sends the page for programs that open links by themselves. It is the same for every address. */
  sendPreviewPage(reply: FastifyReply): Sent;
}
