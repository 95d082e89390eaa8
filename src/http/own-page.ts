import type { FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import { AppError } from '../errors.ts';
import { singleHeader } from './client-facts.ts';

/**
 * Throws unless the request comes from one of our pages. Browsers send cookies with requests from other sites too.
 * Links in mails and typed addresses come from no page (`none`), so they are refused as well.
 */
export function requireOwnPage(app: App, { headers }: FastifyRequest): void {
  // Browsers send this header only over https and to this machine. For an http address in a LAN, the origin decides.
  const site = singleHeader(headers['sec-fetch-site']);
  const own = site === undefined ? isOwnOrigin(app, headers.origin, headers.host) : site === 'same-origin';
  if (!own) throw new AppError('cross-site-request', {});
}

/**
 * Throws if a browser sends the form from another site. For forms whose address is a secret: scripts may send them too,
 * and need not name a page.
 */
export function refuseForeignPage(app: App, request: FastifyRequest): void {
  const { headers } = request;
  if (headers['sec-fetch-site'] !== undefined || headers.origin !== undefined) requireOwnPage(app, request);
}

/** Returns whether the origin is ours. A proxy may change `Host`, so the hosts in our own addresses count too. */
function isOwnOrigin({ address, spaces }: App, text = '', host: string | undefined): boolean {
  const origin = URL.canParse(text) ? new URL(text) : undefined;
  const { url, previousUrl = url } = address;
  // Sessions that started at the previous address continue there.
  return [url, previousUrl].some((each) => {
    const own = new URL(each);
    if (origin === undefined || origin.protocol !== own.protocol) return false;
    return [host, own.host, ...spaces.all.map((space) => space.host)].includes(origin.host);
  });
}
