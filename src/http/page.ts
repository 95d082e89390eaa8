import type { FastifyReply } from 'fastify';
import { onceFor } from '../lib/once-for.ts';
import { contentSecurityPolicy } from '../panel/layout.ts';
import type { Page } from '../panel/page.ts';
import { type Sent, send } from './sent.ts';

/** Our pages bring everything along: nothing of theirs may be loaded from, sent to or framed by others. */
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
