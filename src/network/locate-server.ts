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
/** Whoever owns a name decides how many servers it has, and how long each of them takes to look up. */
const maxPlaces = 4;

const srv: Lookups['srv'] = (name) =>
  resolver()
    .resolveSrv(name)
    .catch(() => []);

/**
 * Looks up names as the machine does; addresses may also come from `/etc/hosts`. A failed look-up returns an empty
 * list.
 */
export const systemLookups: Lookups = {
  srv,
  addresses: async (name) => {
    const found = await lookup(name, { all: true }).catch(() => []);
    return found.map(({ address }) => address);
  },
};

/**
 * Asks the name servers alone, for names that strangers choose. Node.js makes only a few look-ups of the other kind at
 * once and cannot end one that hangs, and the names of the database and the mail server need them.
 */
export const dnsLookups: Lookups = {
  srv,
  addresses: async (name) => {
    const found = [resolver().resolve4(name), resolver().resolve6(name)].map((each) => each.catch(() => []));
    return (await Promise.all(found)).flat();
  },
};

function resolver(): Resolver {
  return new Resolver({ timeout: queryTimeoutMs, tries: 1 });
}

/** A server, as the URI of a registrar names it. `host` may be an IPv6 address in brackets. */
interface Server {
  readonly host: string;
  readonly port: number | null;
  readonly transport: SipTransport;
}

/**
 * Yields the addresses of a server, the best first (RFC 3263, 4.2, for a known transport), until `signal` is aborted.
 * SRV records are used for a name without a port. A name is looked up when its addresses are asked for.
 */
export async function* locateServer(
  { host, port, transport }: Server,
  { srv, addresses }: Lookups,
  signal: AbortSignal,
): AsyncGenerator<Target, void> {
  const bare = host.replace(/^\[|\]$/g, '');
  const own = { name: bare, port: port ?? defaultPorts[transport] };
  if (isIP(bare) !== 0) {
    yield { address: bare, port: own.port };
    return;
  }
  const places = port === null ? bestPlaces(await srv(`${services[transport]}.${bare}`)) : [];
  for (const place of places.length === 0 ? [own] : places) {
    if (signal.aborted) return;
    for (const address of await addresses(place.name)) yield { address, port: place.port };
  }
}

function bestPlaces(records: readonly SrvRecord[]): readonly SrvRecord[] {
  return (
    records
      // Nobody can listen at port 0, and connecting to it throws.
      .filter((record) => record.port !== 0)
      .sort((one, other) => one.priority - other.priority || other.weight - one.weight)
      .slice(0, maxPlaces)
  );
}
