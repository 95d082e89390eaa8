import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** The return value of a handler that has sent its reply itself. */
export const sent: unique symbol = Symbol('sent');
export type Sent = typeof sent;

/**
 * Sends the reply and returns `sent`. An async handler that returned the reply itself would wait until it is finished.
 */
export function send(reply: FastifyReply, payload?: string | Buffer): Sent {
  reply.send(payload);
  return sent;
}

/** A larger answer is not copied. For a smaller one, a copy costs less than a stream. */
const maxCopiedBytes = 64 * 1024;

/** Sends the parts one after another, so that what many answers share is in memory once. */
export function sendParts(reply: FastifyReply, parts: readonly Buffer[]): Sent {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length <= maxCopiedBytes) return send(reply, Buffer.concat(parts));
  reply.header('content-length', length).send(Readable.from(parts));
  return sent;
}

/**
 * Sends a document, as XML without a charset, which FlexiAPI sends too. Without a text, sends only the head.
 */
export function sendXml(reply: FastifyReply, text?: string): Sent {
  return send(reply.header('content-type', 'application/xml'), text);
}

/**
 * Sends JSON as a buffer, because Fastify would otherwise add a charset to the type, which liblinphone 5.4 and later
 * cannot read.
 */
export function sendJson(reply: FastifyReply, value: unknown): Sent {
  return send(reply.header('content-type', 'application/json'), Buffer.from(JSON.stringify(value)));
}

/**
 * The kind of answer to a request for a configuration: the account (which uses up the code, if there was one), the
 * document without an account, the same because the request is not from a phone, a page, or the last document of a
 * revoked device.
 */
export type AnsweredWith = 'account' | 'base' | 'base-for-no-phone' | 'landing-page' | 'preview' | 'ending';

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined on other routes, and if the request is refused. */
    answeredWith: AnsweredWith | undefined;
  }
}
