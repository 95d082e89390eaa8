import type { FastifyReply } from 'fastify';
import type { App } from '../app.ts';
import { type Sent, send } from './sent.ts';

/** Redirects the browser to one of our paths with GET, as the answer to a form. */
export function seeOther({ pathPrefix }: Pick<App, 'pathPrefix'>, reply: FastifyReply, path: string): Sent {
  return send(reply.code(303).header('location', `${pathPrefix}${path}`));
}
