import { X509Certificate } from 'node:crypto';
import { aboutServer, aboutValue, type Complaint } from '../errors/complaints.ts';
import { parseDuration } from '../lib/duration.ts';
import { checkCharacters } from '../lib/forbidden-characters.ts';
import { isPattern } from '../lib/match-pattern.ts';
import { isCountry } from '../lib/phone-number.ts';
import { readPicture } from '../lib/picture.ts';
import { readLinphonerc } from '../lpconfig/read-linphonerc.ts';
import { checkSeededPattern, checkSeededPatterns } from '../lpconfig/seeding.ts';
import * as realms from '../sip/realm.ts';
import { checkDomain, checkRegistrar } from '../sip/sip-uri.ts';

export function checkName(name: string): Complaint | undefined {
  return aboutValue(name, checkCharacters(name));
}

export function checkHost(host: string): Complaint | undefined {
  const [, name = '', port = '1'] = /^([^:]+)(?::(\d{1,5}))?$/.exec(host) ?? [];
  return checkDomain(name) === undefined && Number(port) >= 1 && Number(port) <= 65_535
    ? undefined
    : aboutServer(host, { code: 'not-host-and-port' });
}

export function checkSpaceRegistrar(uri: string): Complaint | undefined {
  return aboutServer(uri, checkRegistrar(uri));
}

export function holdRealm(realm: string | null): string | null {
  return realm === null ? null : realms.plainRealm(realm);
}

export function checkRealm(realm: string): Complaint | undefined {
  const plain = realms.plainRealm(realm);
  return aboutValue(plain, checkCharacters(plain)) ?? realms.checkRealm(plain, { own: true });
}

export function checkLinphonerc(text: string): Complaint[] {
  return readLinphonerc(text)
    .mistakes.filter((each) => each.severity === 'error')
    .map(({ line, message, text }) => ({ code: 'linphonerc-mistake', line, mistake: message, text }));
}

export function checkSeeded(patterns: readonly string[]): Complaint[] {
  const wrong = patterns.flatMap((each) => aboutValue(each, checkSeededPattern(each)) ?? []);
  return [...wrong, ...[checkSeededPatterns(patterns) ?? []].flat()];
}

export function checkLifetime(text: string): Complaint | undefined {
  if (parseDuration(text) !== undefined) return undefined;
  return aboutValue(text, { code: 'not-a-duration', examples: ['90m', '12h', '7d'], forever: '0' });
}

export function checkCountry(code: string): Complaint | undefined {
  return isCountry(code.toUpperCase()) ? undefined : aboutValue(code, { code: 'not-a-country' });
}

export function checkUsernamePattern(pattern: string): Complaint | undefined {
  return aboutValue(pattern, patternComplaint(pattern));
}

function patternComplaint(pattern: string): Complaint | undefined {
  return checkCharacters(pattern) ?? (isPattern(pattern) ? undefined : { code: 'not-a-regular-expression' });
}

export function checkRootCa(pem: string): Complaint | undefined {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const isText = !/[^\P{Cc}\t\r\n]/u.test(pem);
  return isText && certificates.length > 0 && certificates.every(isCertificate)
    ? undefined
    : { code: 'not-a-certificate' };
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return false;
  }
}

export const maxLogoBytes = 200_000;
const maxLogoPixels = 1024;
/** In characters. Base64 needs four for three bytes, and there may be line ends between them. */
export const maxLogoLength = Math.ceil(maxLogoBytes / 3) * 4 + 8_000;
const base64Text = /^[A-Za-z0-9+/\s]+(?:={1,2}\s*)?$/;

export function checkLogo(base64: string): Complaint | undefined {
  const bytes = base64Text.test(base64) ? Buffer.from(base64, 'base64') : undefined;
  const picture = bytes && readPicture(bytes);
  if (bytes === undefined || picture === undefined) return { code: 'not-a-picture' };
  if (bytes.length > maxLogoBytes) return { code: 'picture-too-large', maxBytes: maxLogoBytes };
  const { width, height } = picture;
  return Math.max(width, height) > maxLogoPixels
    ? { code: 'picture-too-wide', max: maxLogoPixels, width, height }
    : undefined;
}

/** Returns the canonical base64, so that sending the same picture again is no change. */
export function holdLogo(base64: string | null): string | null {
  return base64 === null ? null : Buffer.from(base64, 'base64').toString('base64');
}
