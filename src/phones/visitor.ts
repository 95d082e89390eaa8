import type { IncomingHttpHeaders } from 'node:http';
import { scannerNamed } from './known-scanners.ts';

export type VisitorKind = 'phone' | 'browser' | 'scanner' | 'prefetch';

/** Who requests the address in a code, judging by the headers, and what it gets. */
export interface Visitor {
  readonly kind: VisitorKind;
  /** A readable name, for a sentence such as "opened by …". */
  readonly name: string;
  /** Only `account` may use the token up; `preview` is a page that says nothing about the token. */
  readonly gets: 'account' | 'base' | 'landing-page' | 'preview';
}

const phone: Visitor = { kind: 'phone', name: 'a phone', gets: 'account' };
const browser: Visitor = { kind: 'browser', name: 'a browser', gets: 'landing-page' };
const prefetch: Visitor = { kind: 'prefetch', name: 'a browser, in advance', gets: 'base' };
/** The browser may show its user what it prefetched. */
const pagePrefetch: Visitor = { ...prefetch, gets: 'landing-page' };
const disguised: Visitor = {
  kind: 'scanner',
  name: 'a link scanner that poses as a browser (such as Outlook Safe Links)',
  gets: 'base',
};
const unlikePhone: Visitor = { kind: 'scanner', name: 'a program that is not a phone', gets: 'base' };

const linphone = /linphone|belle-sip/i;
/** What is in brackets may be the name that a user gave to a phone. */
const namesBrowser = /^[^(]*Mozilla\//;

/**
 * Identifies a visitor by its headers. Linphone sends very few: `Host`, `User-Agent` (`Unknown` before 5.3), and later
 * `X-Linphone-Provisioning` and `From`. Rebranded versions can have any name, and scripts may act as phones. So every
 * visitor without a sign of something else counts as a phone.
 */
export function visitorOf(headers: IncomingHttpHeaders): Visitor {
  const readsHtml = headers.accept?.toLowerCase().includes('text/html') ?? false;
  if (isPrefetch(headers)) return readsHtml ? pagePrefetch : prefetch;
  const agent = headers['user-agent'] ?? '';
  const likeBrowser = namesBrowser.test(agent) || isSentByBrowserEngine(headers);
  if (!readsHtml && !likeBrowser && isLinphone(headers, agent)) return phone;
  const name = scannerNamed(agent, readsHtml || likeBrowser);
  if (name !== undefined) return { kind: 'scanner', name, gets: 'preview' };
  if (readsHtml) return browser;
  if (likeBrowser) return disguised;
  return isUnlikePhone(headers, agent) ? unlikePhone : phone;
}

function isLinphone(headers: IncomingHttpHeaders, agent: string): boolean {
  return headers['x-linphone-provisioning'] !== undefined || agent === 'Unknown' || linphone.test(agent);
}

/** Whether a browser or a proxy prefetches the address without being asked. */
function isPrefetch(headers: IncomingHttpHeaders): boolean {
  const purpose = headers['sec-purpose'] ?? headers.purpose ?? headers['x-purpose'] ?? headers['x-moz'];
  return purpose !== undefined && /prefetch|prerender|preview/i.test(String(purpose));
}

/** `Sec-Fetch-Mode` alone proves nothing, because `fetch` of Node.js sends it too. */
function isSentByBrowserEngine(headers: IncomingHttpHeaders): boolean {
  return (
    headers['sec-fetch-site'] !== undefined ||
    headers['sec-fetch-dest'] !== undefined ||
    headers['sec-ch-ua'] !== undefined ||
    headers['upgrade-insecure-requests'] !== undefined
  );
}

/**
 * Phones send no language (scripts send `*`), range or referrer, and do not ask for images. A request without a
 * User-Agent that has an `Accept` or `Accept-Encoding` header is not from a phone either.
 */
function isUnlikePhone(headers: IncomingHttpHeaders, agent: string): boolean {
  const { accept, range, referer, 'accept-language': language } = headers;
  if ((language !== undefined && language !== '*') || range !== undefined || referer !== undefined) return true;
  if (accept === undefined) return agent === '' && headers['accept-encoding'] !== undefined;
  return agent === '' || /^\s*image\//i.test(accept);
}
