import type { FastifyReply } from 'fastify';

/** The return value of a handler that has sent its reply itself. */
export const sent: unique symbol = Symbol('sent');
export type Sent = typeof sent;

/** Sends the reply and returns `sent`. Returning the reply itself would make an async handler wait for its end. */
export function send(reply: FastifyReply, payload?: string | Buffer): Sent {
  reply.send(payload);
  return sent;
}

/** `Content-Type` exactly so, for every version of Linphone. Without a text only the head. */
export function sendXml(reply: FastifyReply, text?: string): Sent {
  return send(reply.header('content-type', 'application/xml'), text);
}

/** As a buffer: Fastify would add a charset to the type, which liblinphone 5.4 and later does not read. */
export function sendJson(reply: FastifyReply, value: unknown): Sent {
  return send(reply.header('content-type', 'application/json'), Buffer.from(JSON.stringify(value)));
}

/**
 * The answer to a request for a configuration: the account (which uses up the code, if there was one), the settings
 * without an account, the same because the request is not from a phone, a page, or a revoked device's last document.
 */
export type AnsweredWith = 'account' | 'base' | 'base-for-no-phone' | 'landing-page' | 'preview' | 'ending';

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined on other routes, and if the request was refused. */
    answeredWith: AnsweredWith | undefined;
  }
}
