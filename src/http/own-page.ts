import type { FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import { AppError } from '../errors.ts';
import { singleHeader } from './client-facts.ts';

/**
 * Browsers send cookies with requests from other sites too, so a change must prove that it comes from our pages. A link in a
 * mail and a typed address name no page (`none`) and are refused too.
 */
export function requireOwnPage(app: App, { headers }: FastifyRequest): void {
  // Browsers send the header only over https and to this machine, so an http address in a LAN goes by the origin.
  const site = singleHeader(headers['sec-fetch-site']);
  const own = site === undefined ? isOwnOrigin(app, headers.origin, headers.host) : site === 'same-origin';
  if (!own) throw new AppError('cross-site-request', {});
}

/**
 * For a form at an address that is a secret, which scripts may send too: a browser must not come from another site, and
 * what is no browser need not name a page.
 */
export function refuseForeignPage(app: App, request: FastifyRequest): void {
  const { headers } = request;
  if (headers['sec-fetch-site'] !== undefined || headers.origin !== undefined) requireOwnPage(app, request);
}

/** A proxy may change `Host`, so the names in our own addresses count too. */
function isOwnOrigin({ address, spaces }: App, text = '', host: string | undefined): boolean {
  const origin = URL.canParse(text) ? new URL(text) : undefined;
  const { url, previousUrl = url } = address;
  // Sessions that began at the address before go on there.
  return [url, previousUrl].some((each) => {
    const own = new URL(each);
    if (origin === undefined || origin.protocol !== own.protocol) return false;
    return [host, own.host, ...spaces.all.map((space) => space.host)].includes(origin.host);
  });
}
