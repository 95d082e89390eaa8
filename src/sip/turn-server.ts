import { createHmac } from 'node:crypto';
import { checkDomain } from './sip-uri.ts';

export type TurnTransport = 'udp' | 'tcp' | 'tls';

export interface TurnServer {
  /** An IPv6 address is in brackets. */
  readonly host: string;
  /** null means the default of the transport: 5349 for TLS, otherwise 3478. */
  readonly port: number | null;
  /** In order of preference. */
  readonly transports: readonly [TurnTransport, ...TurnTransport[]];
}

const form = /^(?:(stun|turns?):)?(\[[^\]]*\]|[^:?[\]]*)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/;

/** Parses `host[:port]` or a URI of RFC 7064 or 7065. The server of a `stun:` URI is also used for TURN. */
export function parseTurnServer(text: string): TurnServer | undefined {
  const [matched, scheme, host = '', digits, transport] = form.exec(text) ?? [];
  if (matched === undefined || checkDomain(host) !== undefined) return undefined;
  const port = digits === undefined ? null : Number(digits);
  if (port !== null && (port < 1 || port > 65_535)) return undefined;
  if (transport !== undefined && scheme?.startsWith('turn') !== true) return undefined;
  if (scheme === 'turns') return transport === 'udp' ? undefined : { host, port, transports: ['tls'] };
  return { host, port, transports: transport === undefined ? ['udp', 'tcp'] : [transport === 'tcp' ? 'tcp' : 'udp'] };
}

/** Returns the URIs of the server (RFC 7065), one for each transport. */
export function turnUris({ host, port, transports }: TurnServer): string[] {
  const at = port === null ? host : `${host}:${port}`;
  return transports.map((each) => (each === 'tls' ? `turns:${at}?transport=tcp` : `turn:${at}?transport=${each}`));
}

export interface TurnCredentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Returns credentials by the REST convention (draft-uberti-behave-turn-rest). A TURN server with the same secret
 * accepts them until they expire.
 */
export function turnCredentials(secret: string, user: string, expiresAtMs: number): TurnCredentials {
  const username = `${Math.floor(expiresAtMs / 1000)}:${user}`;
  return { username, password: createHmac('sha1', secret).update(username).digest('base64') };
}
