import type { FastifyReply } from 'fastify';
import { onceFor } from '../lib/once-for.ts';
import { type Sent, send } from './sent.ts';

/** A page as rendered: `status` is 200 by default. */
export interface Page {
  readonly html: string;
  readonly status?: number;
}

/** What our pages need comes from us: nothing of theirs may be loaded from, sent to or framed by others. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

/** All answers share the bytes of a page that is the same object each time, however many of them wait to be sent. */
const bytesOf = onceFor((page: Page) => Buffer.from(page.html));

export function sendPage(reply: FastifyReply, page: Page): Sent {
  return send(reply.code(page.status ?? 200).headers(pageHeaders), bytesOf(page));
}
