import type { FastifyReply } from 'fastify';

/** The return value of a handler that has sent its reply itself. */
export const sent: unique symbol = Symbol('sent');
export type Sent = typeof sent;

/** Sends the reply and returns `sent`. Returning the reply itself would make an async handler wait for its end. */
export function send(reply: FastifyReply, payload?: string | Buffer): Sent {
  reply.send(payload);
  return sent;
}

/** Sends JSON as a buffer: to text, Fastify would add a charset, and liblinphone 5.4 and later would not read it. */
export function sendJson(reply: FastifyReply, value: unknown): Sent {
  return send(reply.header('content-type', 'application/json'), Buffer.from(JSON.stringify(value)));
}
