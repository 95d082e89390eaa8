import type { FastifyReply } from 'fastify';

/** What a handler returns once it has sent its reply itself. */
export const sent: unique symbol = Symbol('sent');
export type Sent = typeof sent;

/** Sends, and returns that. Not the reply: it is a promise of its own end, which an async handler would wait for. */
export function send(reply: FastifyReply, payload?: string | Buffer): Sent {
  reply.send(payload);
  return sent;
}

/** `Content-Type` exactly so, for every version of Linphone. Without a text only the head. */
export function sendXml(reply: FastifyReply, text?: string): Sent {
  return send(reply.header('content-type', 'application/xml').header('cache-control', 'no-store'), text);
}

/** As a buffer: Fastify would add a charset to the type, which liblinphone 5.4 and later does not read. */
export function sendJson(reply: FastifyReply, value: unknown): Sent {
  return send(reply.header('content-type', 'application/json'), Buffer.from(JSON.stringify(value)));
}
