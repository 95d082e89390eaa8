import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import type { Complaint } from '../errors/complaints.ts';
import { lowerCaseAscii } from '../lib/fold-text.ts';
import { trimBlanks } from '../lib/trim-blanks.ts';

export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  /** Percent-decoded; null if the URI has none. */
  readonly user: string | null;
  /** In lower case. An IPv6 address is in brackets. */
  readonly host: string;
  readonly port: number | null;
  /** Percent-decoded values. The names are in lower case. A parameter without a value has ''. */
  readonly parameters: ReadonlyMap<string, string>;
}

export interface SipAddress {
  readonly username: string;
  readonly domain: string;
}

const controlCharacter = /[\u0000-\u001f\u007f-\u009f]/;
const notAllowedInUser = /[^\w\-.!~*'()&=+$,;?/%]/;
const notAllowedInParameter = /[^\w\-.!~*'()[\]/:&+$%]/;
/**
 * Matches escapes that `encodeURIComponent` makes although RFC 3261 allows the characters in a user part: `& = + $ , ;
 * ? /`.
 */
const escapedUserUnreserved = /%(?:26|3D|2B|24|2C|3B|3F|2F)/g;

/** Escapes the user part of a SIP URI (RFC 3261, 25.1). Half a surrogate pair becomes U+FFFD. */
export function escapeUserPart(username: string): string {
  return encodeURIComponent(username.toWellFormed()).replace(escapedUserUnreserved, decodeURIComponent);
}

export function sipUri(username: string, domain: string): string {
  return `sip:${escapeUserPart(username)}@${domain}`;
}

/** Returns where accounts of a domain register by default: at the domain itself, by TLS. */
export function defaultRegistrar(domain: string): string {
  return `sip:${domain};transport=tls`;
}

export function quoteDisplayName(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&')}"`;
}

/**
 * Returns `"Display Name" <sip:user@domain>`, or `<sip:user@domain>` without a display name. Removes backslashes at the
 * end of the name, because Kamailio 5.6 would treat the quotation mark after them as escaped.
 */
export function nameAddr(displayName: string | null, username: string, domain: string): string {
  const address = `<${sipUri(username, domain)}>`;
  const name = (displayName ?? '').replace(/(?<![\\ ])[\\ ]+$/, '').trimEnd();
  return name === '' ? address : `${quoteDisplayName(name)} ${address}`;
}

/** The maximum length of a value in a linphonerc. */
const maxLength = 16_000;

/** Parses a SIP URI strictly by RFC 3261. Also refuses a password in the user part, and headers. */
export function parseSipUri(text: string): SipUri | undefined {
  const scheme = /^sips?(?=:)/i.exec(text)?.[0];
  if (scheme === undefined || text.length > maxLength || /[^\x21-\x7e]/.test(text)) return undefined;
  const rest = text.slice(scheme.length + 1);
  const at = rest.indexOf('@');
  const user = at === -1 ? null : decodePart(rest.slice(0, at), notAllowedInUser);
  const [hostPort = '', ...parameterTexts] = rest.slice(at + 1).split(';');
  const { host, port } = splitHostPort(hostPort);
  const parameters = parseParameters(parameterTexts);
  if (user === undefined || user === '' || parameters === undefined) return undefined;
  if (port === undefined || checkDomain(host) !== undefined) return undefined;
  return { scheme: scheme.length === 3 ? 'sip' : 'sips', user, host, port, parameters };
}

/**
 * Parses `alice@domain` or `sip:alice@domain` as people type it. The user part is percent-decoded, but may also contain
 * characters that a URI must escape.
 */
export function parseSipAddress(text: string): SipAddress | undefined {
  const address = parseDecodedAddress(text);
  const username = address === undefined ? undefined : decodePart(address.username);
  return address === undefined || username === undefined ? undefined : { ...address, username };
}

/**
 * Parses a SIP address from the path of a URL, which is already percent-decoded, so that a `%` in a user name stays.
 */
export function parseDecodedAddress(text: string): SipAddress | undefined {
  const bare = trimBlanks(text).replace(/^sips?:/i, '');
  const at = bare.lastIndexOf('@');
  const username = bare.slice(0, Math.max(at, 0));
  const domain = lowerCaseAscii(bare.slice(at + 1));
  if (username === '' || !isPlainText(username) || checkDomain(domain) !== undefined) return undefined;
  return { username, domain };
}

/** Returns a complaint about a SIP domain (a DNS name or an IP address, in lower case), or undefined. */
export function checkDomain(domain: string): Complaint | undefined {
  if (domain === '') return { code: 'empty' };
  if (domain.length > 253) return { code: 'too-long', max: 253 };
  if (/[^\x21-\x7e]/.test(domain)) return beyondAscii(domain);
  if (domain !== domain.toLowerCase()) return { code: 'not-lower-case' };
  if (isIPv6(domain)) return { code: 'brackets-missing', address: domain };
  if (domain.startsWith('[')) {
    return /^\[[0-9a-f:.]+\]$/.test(domain) && isIPv6(domain.slice(1, -1)) ? undefined : { code: 'not-ipv6' };
  }
  if (isIPv4(domain)) return undefined;
  if (/[:@;?/]/.test(domain)) return { code: 'not-a-bare-domain' };
  if (/[^a-z0-9.-]/.test(domain)) return { code: 'not-letters-of-a-domain' };
  const labels = domain.split('.');
  if (/^\d*$/.test(labels.at(-1) ?? '')) return { code: 'not-a-host-name' };
  return labels.every(isLabel) ? undefined : { code: 'not-a-domain-name' };
}

/**
 * Returns the complaint about a domain with other characters. `bücher.example` has an ASCII form; spaces and control
 * characters have none.
 */
function beyondAscii(domain: string): Complaint {
  const ascii = /\P{ASCII}/u.test(domain) ? domainToASCII(domain) : '';
  return ascii === '' ? { code: 'not-letters-of-a-domain' } : { code: 'not-ascii', ascii };
}

/** Adds `sip:` to a registrar that is only an IPv4 address. Returns all others unchanged. */
export function withSipScheme(registrar: string): string {
  return isIPv4(registrar) ? `sip:${registrar}` : registrar;
}

/** Returns a complaint about a registrar (`sip:host[:port]`, perhaps with `;transport=udp|tcp|tls`), or undefined. */
export function checkRegistrar(uri: string): Complaint | undefined {
  if (uri === '') return { code: 'empty' };
  if (/[<>]/.test(uri)) return { code: 'angle-brackets' };
  if (/^sips:/i.test(uri)) return { code: 'sips' };
  if (!/^sip:/i.test(uri)) {
    const meant = `sip:${uri}`;
    const complaint = checkRegistrar(meant);
    // Not for `tls://host`, in which the text after the colon is not meant as a port.
    if (complaint?.code === 'not-a-port' && !uri.includes('/')) return complaint;
    return { code: 'not-sip', meant: complaint === undefined ? meant : undefined };
  }
  if (uri.includes('@')) return { code: 'with-user' };
  const [hostPort = '', ...parameters] = uri.slice('sip:'.length).split(';', 3);
  const { host, port } = splitHostPort(hostPort);
  const complaint = checkDomain(isIPv6(hostPort) ? hostPort : host);
  if (complaint !== undefined) return { ...complaint, part: 'host' };
  if (port === undefined) return { code: 'not-a-port' };
  if (parameters.length > 1 || !parameters.every((text) => /^transport=(?:udp|tcp|tls)$/i.test(text))) {
    return { code: 'not-a-transport' };
  }
  return undefined;
}

/** `port` is null if there is none, and undefined if it is invalid. */
function splitHostPort(text: string): { host: string; port: number | null | undefined } {
  const colon = text.indexOf(':', text.startsWith('[') ? text.indexOf(']') : 0);
  if (colon === -1) return { host: lowerCaseAscii(text), port: null };
  const digits = text.slice(colon + 1);
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  return { host: lowerCaseAscii(text.slice(0, colon)), port: port >= 1 && port <= 65535 ? port : undefined };
}

function parseParameters(texts: readonly string[]): Map<string, string> | undefined {
  const parameters = new Map<string, string>();
  for (const text of texts) {
    const equals = text.indexOf('=');
    const name = decodePart(equals === -1 ? text : text.slice(0, equals), notAllowedInParameter)?.toLowerCase();
    const value = equals === -1 ? '' : decodePart(text.slice(equals + 1), notAllowedInParameter);
    if (name === undefined || name === '' || value === undefined || parameters.has(name)) return undefined;
    if (equals !== -1 && value === '') return undefined;
    parameters.set(name, value);
  }
  return parameters;
}

/**
 * Percent-decodes UTF-8. Returns undefined if the text is malformed, not allowed, or would contain a control character.
 */
function decodePart(text: string, notAllowed?: RegExp): string | undefined {
  if (notAllowed?.test(text) || !text.isWellFormed()) return undefined;
  try {
    const decoded = decodeURIComponent(text);
    return isPlainText(decoded) ? decoded : undefined;
  } catch {
    return undefined;
  }
}

function isPlainText(text: string): boolean {
  return text.isWellFormed() && !controlCharacter.test(text);
}

function isLabel(label: string): boolean {
  return /^[a-z0-9-]{1,63}$/.test(label) && !label.startsWith('-') && !label.endsWith('-');
}
