import type { FastifyReply } from 'fastify';
import { onceFor } from '../lib/once-for.ts';
import { type Sent, send } from './sent.ts';

/** A rendered page. `status` defaults to 200. */
export interface Page {
  readonly html: string;
  readonly status?: number;
}

/** Our pages load nothing from other sites, send nothing to them, and cannot be framed by them. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
} as const;

/** All answers with the same page object share one buffer, however many of them are being sent. */
const bytesOf = onceFor((page: Page) => Buffer.from(page.html));

/**
 * Sends a page whose address is a secret, without passing the address on through links. The page must not contain a
 * form: over http in a LAN, browsers would send it with `Origin: null`, which proves nothing.
 */
export function sendSecretPage(reply: FastifyReply, page: Page): Sent {
  return sendPage(reply.header('referrer-policy', 'no-referrer'), page);
}

export function sendPage(reply: FastifyReply, page: Page): Sent {
  if (!reply.hasHeader('referrer-policy')) reply.header('referrer-policy', 'same-origin');
  return send(reply.code(page.status ?? 200).headers(pageHeaders), bytesOf(page));
}
