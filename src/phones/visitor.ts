import type { IncomingHttpHeaders } from 'node:http';
import { scannerNamed } from './known-scanners.ts';

export type VisitorKind = 'phone' | 'browser' | 'scanner' | 'prefetch';

/** Who asks for the address in a code, as far as its headers tell, and what it therefore gets. */
export interface Visitor {
  readonly kind: VisitorKind;
  /** In plain words, for a sentence such as "opened by …". */
  readonly name: string;
  /** Only `account` may use the token up; `preview` is a page that says nothing about the token. */
  readonly gets: 'account' | 'base' | 'landing-page' | 'preview';
}

const phone: Visitor = { kind: 'phone', name: 'a phone', gets: 'account' };
const browser: Visitor = { kind: 'browser', name: 'a browser', gets: 'landing-page' };
const prefetch: Visitor = { kind: 'prefetch', name: 'a browser, in advance', gets: 'base' };
/** A browser shows its user what it fetched in advance. */
const pagePrefetch: Visitor = { ...prefetch, gets: 'landing-page' };
const disguised: Visitor = {
  kind: 'scanner',
  name: 'a link scanner that poses as a browser, as Outlook Safe Links does',
  gets: 'base',
};
const unlikePhone: Visitor = { kind: 'scanner', name: 'a program that asks as no phone does', gets: 'base' };

const linphone = /linphone|belle-sip/i;

/**
 * Linphone says next to nothing: `Host`, `User-Agent` (`Unknown` before 5.3), later `X-Linphone-Provisioning` and `From`.
 * Rebranded ones have any name, and scripts stand in for phones. So whoever does not give itself away counts as a phone.
 */
export function visitorOf(headers: IncomingHttpHeaders): Visitor {
  const readsHtml = headers.accept?.toLowerCase().includes('text/html') ?? false;
  if (isPrefetch(headers)) return readsHtml ? pagePrefetch : prefetch;
  const agent = headers['user-agent'] ?? '';
  const likeBrowser = agent.includes('Mozilla/') || isSentByBrowserEngine(headers);
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

/** Fetched in advance by a browser or a proxy, without anybody having asked. */
function isPrefetch(headers: IncomingHttpHeaders): boolean {
  const purpose = headers['sec-purpose'] ?? headers.purpose ?? headers['x-purpose'] ?? headers['x-moz'];
  return purpose !== undefined && /prefetch|prerender|preview/i.test(String(purpose));
}

/** `Sec-Fetch-Mode` alone is no sign: Node's own `fetch` sends it. */
function isSentByBrowserEngine(headers: IncomingHttpHeaders): boolean {
  return (
    headers['sec-fetch-site'] !== undefined ||
    headers['sec-fetch-dest'] !== undefined ||
    headers['sec-ch-ua'] !== undefined ||
    headers['upgrade-insecure-requests'] !== undefined
  );
}

/** A language (scripts say `*`), a part of the answer, a picture, where it comes from; or wishes, but no name. */
function isUnlikePhone(headers: IncomingHttpHeaders, agent: string): boolean {
  const { accept, range, referer, 'accept-language': language } = headers;
  if ((language !== undefined && language !== '*') || range !== undefined || referer !== undefined) return true;
  if (accept === undefined) return agent === '' && headers['accept-encoding'] !== undefined;
  return agent === '' || /^\s*image\//i.test(accept);
}
