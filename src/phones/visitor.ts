import type { IncomingHttpHeaders } from 'node:http';
import type { VisitorSign } from '../events/event.ts';
import { acceptsHtml } from '../http/client-facts.ts';
import { scannerNamed } from './known-scanners.ts';

/**
 * The kind of client that requests the address in a code, judged by its headers, and what it gets. Only a phone may use
 * up the token.
 */
export type Visitor = PhoneVisitor | OtherVisitor;

interface PhoneVisitor {
  readonly kind: 'phone';
  readonly gets: 'account';
}

export interface OtherVisitor {
  readonly kind: 'browser' | 'scanner' | 'prefetch';
  /** A readable name for sentences such as "opened by …". */
  readonly name: string;
  /** `preview` is a page that says nothing about the token. */
  readonly gets: 'base' | 'landing-page' | 'preview';
  /** Why the visitor does not count as a phone, for the timeline. */
  readonly sign: VisitorSign;
}

const phone: Visitor = { kind: 'phone', gets: 'account' };
const browser: OtherVisitor = { kind: 'browser', name: 'a browser', gets: 'landing-page', sign: 'accepts-html' };
const prefetch: OtherVisitor = { kind: 'prefetch', name: 'a browser, in advance', gets: 'base', sign: 'prefetch' };
/** Gets the landing page, because the browser may show a prefetched page to its user. */
const pagePrefetch: OtherVisitor = { ...prefetch, gets: 'landing-page' };
const disguised: OtherVisitor = {
  kind: 'scanner',
  name: 'a link scanner that poses as a browser (such as Outlook Safe Links)',
  gets: 'base',
  sign: 'poses-as-browser',
};

const linphone = /linphone|belle-sip/i;
/** Matches outside parentheses only, because a name inside them may be one that a user gave to a phone. */
const namesBrowser = /^[^(]*Mozilla\//;

/**
 * Identifies a visitor by its headers. Linphone sends very few: `Host`, `User-Agent` (`Unknown` at first), and later
 * `X-Linphone-Provisioning` and `From`. Branded apps may have any name, and scripts may act as phones. So every visitor
 * without a sign of being something else counts as a phone.
 */
export function visitorOf(headers: IncomingHttpHeaders): Visitor {
  const readsHtml = acceptsHtml(headers);
  if (isPrefetch(headers)) return readsHtml ? pagePrefetch : prefetch;
  const agent = headers['user-agent'] ?? '';
  const likeBrowser = namesBrowser.test(agent) || isSentByBrowserEngine(headers);
  if (!readsHtml && !likeBrowser && isLinphone(headers, agent)) return phone;
  const name = scannerNamed(agent, readsHtml || likeBrowser);
  if (name !== undefined) return { kind: 'scanner', name, gets: 'preview', sign: 'known-program' };
  if (readsHtml) return browser;
  if (likeBrowser) return disguised;
  const sign = signOf(headers);
  return sign === undefined ? phone : { kind: 'scanner', name: 'a program that is not a phone', gets: 'base', sign };
}

function isLinphone(headers: IncomingHttpHeaders, agent: string): boolean {
  return headers['x-linphone-provisioning'] !== undefined || agent === 'Unknown' || linphone.test(agent);
}

/** Returns whether a browser or proxy prefetches the address without its user's request. */
function isPrefetch(headers: IncomingHttpHeaders): boolean {
  const purpose = headers['sec-purpose'] ?? headers.purpose ?? headers['x-purpose'] ?? headers['x-moz'];
  return purpose !== undefined && /prefetch|prerender|preview/i.test(String(purpose));
}

/**
 * Returns whether a browser engine sent the request. `Sec-Fetch-Mode` alone proves nothing, because `fetch` of Node.js
 * sends it too.
 */
function isSentByBrowserEngine(headers: IncomingHttpHeaders): boolean {
  return (
    headers['sec-fetch-site'] !== undefined ||
    headers['sec-fetch-dest'] !== undefined ||
    headers['sec-ch-ua'] !== undefined ||
    headers['upgrade-insecure-requests'] !== undefined
  );
}

/**
 * Returns a sign that the visitor is not a phone. Phones and scripts send no language (`fetch` of Node.js sends `*`),
 * range or referrer, and do not accept images. Headers that HTTP libraries send or omit by default are no signs: a
 * missing `User-Agent`, any `Accept-Encoding`, and an `Accept` for anything.
 */
function signOf({ accept, range, referer, 'accept-language': language }: IncomingHttpHeaders): VisitorSign | undefined {
  if (language !== undefined && language !== '*') return 'language';
  if (range !== undefined) return 'range';
  if (referer !== undefined) return 'referrer';
  return accept !== undefined && /^\s*image\//i.test(accept) ? 'image' : undefined;
}
