import type { Complaint } from '../errors/complaints.ts';

/** A path prefix must not be one of these, because it could not be distinguished from the path after it. */
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

/** Returns the path prefix of a web address, for links that work with every host name. */
export function pathPrefixOf(url: string): string {
  return new URL(url).pathname.replace(/\/$/, '');
}

/** Returns the address at which people and phones reach the server, without a slash at its end, or a complaint. */
export function parseWebAddress(text: string): { readonly value: string } | { readonly complaint: Complaint } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url !== undefined && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!plain || !/^https?:$/.test(url.protocol)) return { complaint: { code: 'not-a-web-address' } };
  const [, path = ''] = url.pathname.split('/');
  if (ownPaths.includes(path)) return { complaint: { code: 'own-path', path } };
  return { value: url.href.replace(/(?<!\/)\/+$/, '') };
}

/** The path prefix of the public URL. It is a function if the prefix may change while the server runs. */
export type PathPrefix = string | (() => string);

export function prefixNow(prefix: PathPrefix): string {
  return typeof prefix === 'string' ? prefix : prefix();
}
