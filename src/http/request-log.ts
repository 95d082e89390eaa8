import type { FastifyReply, FastifyRequest } from 'fastify';
import { escapeControls } from '../errors/quote-text.ts';
import { shortAgent } from '../lib/header-text.ts';

/**
 * Returns one line of JSON for a request. It contains the route's pattern instead of the URL, which may contain tokens
 * and keys, and only the User-Agent of the headers. It is built by hand, because a logger costs more than the request.
 */
export function requestLine(request: FastifyRequest, reply: FastifyReply, now: number): string {
  const { caller } = request;
  const path = request.routeOptions.url ?? '(unknown)';
  const agent = request.headers['user-agent'];
  return (
    `{"level":"info","time":"${isoTime(now)}","request":"${request.id}","method":"${request.method}",` +
    `"path":"${path}","status":${reply.statusCode},"ms":${reply.elapsedTime.toFixed(1)},"address":${JSON.stringify(request.sender.address)}` +
    `${caller === undefined ? '' : `,"account":${caller.account.id},"by":"${caller.by}"`}` +
    `${agent === undefined ? '' : `,"agent":${escapeControls(JSON.stringify(shortAgent(agent, 200)))}`},"msg":"request"}\n`
  );
}

let lastSecond = -1;
let lastText = '';

/** Returns the same text as `Date.prototype.toISOString`, but computes the date only once a second. */
function isoTime(now: number): string {
  const second = Math.floor(now / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = new Date(second * 1000).toISOString().slice(0, 20);
  }
  return `${lastText}${String(now % 1000).padStart(3, '0')}Z`;
}
