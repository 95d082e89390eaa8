import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { SipTransport } from '../sip/options-request.ts';

/** An IP address and a port. */
export interface Target {
  readonly address: string;
  readonly port: number;
}

export interface SrvRecord {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** Looks up names. Both functions return an empty list for a name that does not exist. */
export interface Lookups {
  srv(name: string): Promise<readonly SrvRecord[]>;
  addresses(name: string): Promise<readonly string[]>;
}

const defaultPorts: Readonly<Record<SipTransport, number>> = { udp: 5060, tcp: 5060, tls: 5061 };
const services: Readonly<Record<SipTransport, string>> = { udp: '_sip._udp', tcp: '_sip._tcp', tls: '_sips._tcp' };
/** The limit for one query. If a name server does not answer, there is still time to contact the SIP server. */
const queryTimeoutMs = 1_500;

/**
 * Looks up names as the machine does; addresses may also come from `/etc/hosts`. A failed look-up returns an empty
 * list.
 */
export const systemLookups: Lookups = {
  srv: (name) => new Resolver({ timeout: queryTimeoutMs, tries: 1 }).resolveSrv(name).catch(() => []),
  addresses: async (name) => {
    const found = await lookup(name, { all: true }).catch(() => []);
    return found.map(({ address }) => address);
  },
};

/**
 * Returns the addresses of a server, the best first (RFC 3263, 4.2, for a known transport). SRV records are used for a
 * name without a port. `host` may be an IPv6 address in brackets.
 */
export async function locateServer(
  { host, port, transport }: { readonly host: string; readonly port: number | null; readonly transport: SipTransport },
  { srv, addresses }: Lookups = systemLookups,
): Promise<readonly Target[]> {
  const bare = host.replace(/^\[|\]$/g, '');
  const defaultPort = defaultPorts[transport];
  if (isIP(bare) !== 0) return [{ address: bare, port: port ?? defaultPort }];
  const records = port === null ? await srv(`${services[transport]}.${bare}`) : [];
  // Nobody can listen at port 0, and connecting to it throws.
  const places = records
    .filter((record) => record.port !== 0)
    .sort((one, other) => one.priority - other.priority || other.weight - one.weight);
  if (places.length === 0) places.push({ name: bare, port: port ?? defaultPort, priority: 0, weight: 0 });
  const found = await Promise.all(
    places.map(async (place) => (await addresses(place.name)).map((address) => ({ address, port: place.port }))),
  );
  return found.flat();
}
