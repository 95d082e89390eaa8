import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { codeOf } from '../lib/code-of.ts';

/** The modes of libpq: https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION */
export const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
type SslMode = (typeof sslModes)[number];

/** Parameters that are parsed here, because the driver would interpret them differently. */
const ownParameters = ['sslmode', 'ssl', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation', 'uselibpqcompat'];

/** The address of a server, and how to encrypt connections to it. */
export interface PostgresAddress {
  readonly url: string;
  /** Ways to encrypt a connection. If the server refuses the first one, the second one is tried. */
  readonly ways: readonly [Encryption, ...Encryption[]];
}

/** `false` means no encryption. */
export type Encryption = ConnectionOptions | false;

export function parametersOf(url: string): URLSearchParams {
  return new URLSearchParams(url.split('?').slice(1).join('?'));
}

export function postgresAddress(url: string): PostgresAddress {
  const parameters = parametersOf(url);
  const [base = ''] = url.split('?');
  const ways = isUnixSocket(base, parameters) ? ([false] as const) : waysOf(parameters);
  for (const name of ownParameters) parameters.delete(name);
  return { url: parameters.size === 0 ? base : `${base}?${parameters}`, ways };
}

/** Returns whether the host is a Unix socket, where connections are never encrypted. */
function isUnixSocket(base: string, parameters: URLSearchParams): boolean {
  const host = parameters.get('host') ?? /^[a-z]+:\/\/(?:[^@/]*@)?([^/]*)/.exec(base)?.[1] ?? '';
  return /^(\/|%2f)/i.test(host);
}

function waysOf(parameters: URLSearchParams): PostgresAddress['ways'] {
  const mode = modeOf(parameters);
  if (mode === 'disable') return [false];
  const encrypted = tlsOptions(mode, parameters);
  if (mode === 'allow') return [false, encrypted];
  return mode === 'prefer' ? [encrypted, false] : [encrypted];
}

function modeOf(parameters: URLSearchParams): SslMode {
  const named = sslModes.find((mode) => mode === parameters.get('sslmode'));
  return named ?? (parameters.get('ssl') === 'true' ? 'require' : 'prefer');
}

function tlsOptions(mode: SslMode, parameters: URLSearchParams): ConnectionOptions {
  const authority = parameters.get('sslrootcert');
  const ca = authority === null || authority === 'system' ? undefined : readFileSync(authority);
  const [cert, key] = [parameters.get('sslcert'), parameters.get('sslkey')];
  return {
    // If an authority is set, the certificate is checked against it in every mode.
    rejectUnauthorized: ca !== undefined || mode === 'verify-full',
    ...(ca === undefined ? {} : { ca }),
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...(cert === null ? {} : { cert: readFileSync(cert) }),
    ...(key === null ? {} : { key: readFileSync(key) }),
  };
}

/** Returns whether a server refused a connection because it was encrypted, or because it was not. */
export function refusesEncryption(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  // 28000 means that pg_hba.conf has no line for this kind of connection, or that the role may not log in at all.
  const isAboutRole = 'routine' in error && error.routine === 'InitializeSessionUserId';
  return (
    (code === '28000' && !isAboutRole) ||
    /^ERR_(SSL|TLS)_|CERT|EPROTO/.test(code) ||
    /does not support SSL/.test(error.message)
  );
}
