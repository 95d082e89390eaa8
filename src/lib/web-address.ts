import type { Complaint } from '../errors/complaints.ts';

/** A path prefix that is one of these could not be told from the path behind it. */
const ownPaths: readonly string[] = [
  'provisioning',
  'api',
  'contacts',
  'setup',
  'assets',
  'logo',
  'health',
  'admin',
  'account',
  'login',
  'logout',
];

/** Returns the path prefix of a web address, for links that work on every host. */
export function pathPrefixOf(url: string): string {
  return new URL(url).pathname.replace(/\/$/, '');
}

/** Returns the address at which people and phones reach the server, without a slash at its end, or what is wrong. */
export function parseWebAddress(text: string): { readonly value: string } | { readonly complaint: Complaint } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url !== undefined && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!plain || !/^https?:$/.test(url.protocol)) return { complaint: { code: 'not-a-web-address' } };
  const [, path = ''] = url.pathname.split('/');
  if (ownPaths.includes(path)) return { complaint: { code: 'own-path', path } };
  return { value: url.href.replace(/\/+$/, '') };
}

/** The path prefix of the public URL, which may change while the server runs. A text is one that does not. */
export type PathPrefix = string | (() => string);

export function prefixNow(prefix: PathPrefix): string {
  return typeof prefix === 'string' ? prefix : prefix();
}
