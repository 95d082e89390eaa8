import type { FastifyReply } from 'fastify';
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

export function sendPage(reply: FastifyReply, page: Page): Sent {
  return send(reply.code(page.status ?? 200).headers(pageHeaders), page.html);
}
