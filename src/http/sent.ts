import type { FastifyReply } from 'fastify';

/** What a handler answers once it has sent its reply itself. */
export const sent: unique symbol = Symbol('sent');
export type Sent = typeof sent;

/** Sends, and answers that. Not the reply: it is a promise of its own end, which an async handler would wait for. */
export function send(reply: FastifyReply, payload?: string | Buffer): Sent {
  reply.send(payload);
  return sent;
}
