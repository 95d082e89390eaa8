import type { FastifyReply } from 'fastify';
import { onceFor } from '../lib/once-for.ts';
import { type Sent, send } from './sent.ts';

/** A rendered page. `status` is 200 by default. */
export interface Page {
  readonly html: string;
  readonly status?: number;
}

/** Our pages load nothing from other sites, send nothing to them, and cannot be framed by them. */
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
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

/** All answers with the same page object share its bytes, however many are waiting to be sent. */
const bytesOf = onceFor((page: Page) => Buffer.from(page.html));

export function sendPage(reply: FastifyReply, page: Page): Sent {
  return send(reply.code(page.status ?? 200).headers(pageHeaders), bytesOf(page));
}
