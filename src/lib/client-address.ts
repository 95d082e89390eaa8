import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import type Ipaddr from 'ipaddr.js';

const require = createRequire(import.meta.url);
let loaded: typeof Ipaddr | undefined;

/** Returns the library that reads IP addresses. The first call loads it, because most commands read none. */
export function ipaddr(): typeof Ipaddr {
  loaded ??= require('ipaddr.js') as typeof Ipaddr;
  return loaded;
}

/**
 * Returns whether two addresses probably belong to the same client: equal for IPv4 (also written as
 * `::ffff:192.0.2.1`), in the same /64 for IPv6, where a device may change its address within the network. Text that is
 * not an IP address matches nothing.
 */
export function sameClientNetwork(a: string, b: string): boolean {
  const address = parseAddress(a);
  const other = parseAddress(b);
  if (address === undefined || other === undefined || address.kind() !== other.kind()) return false;
  return address.match(other, address.kind() === 'ipv4' ? 32 : 64);
}

/** Returns an IPv4 address as it is, and the /64 of an IPv6 address. Text that is not an IP address counts as one network. */
export function clientNetwork(text: string): string {
  const address = parseAddress(text);
  if (address === undefined) return 'unknown';
  return address.kind() === 'ipv4'
    ? address.toString()
    : ipaddr().IPv6.networkAddressFromCIDR(`${address.toString()}/64`).toString();
}

/** Returns the /48 around a network of `clientNetwork`: whoever has a /48 has 65,536 such networks. Undefined for IPv4. */
export function widerNetwork(network: string): string | undefined {
  if (isIP(network) !== 6) return undefined;
  return `${ipaddr().IPv6.networkAddressFromCIDR(`${network}/48`).toString()}/48`;
}

/** Returns whether `text` is an IP address, or a network with a prefix of at least one bit, such as `10.0.0.0/8`. */
export function isAddressOrNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

/** Returns the first address of a network and the length of its prefix: all bits for a single address. */
export function parseNetwork(text: string): readonly [Ipaddr.IPv4 | Ipaddr.IPv6, number] | undefined {
  const [first = '', ...prefix] = text.split('/');
  const address = parseAddress(first);
  if (address === undefined) return undefined;
  const allBits = address.kind() === 'ipv4' ? 32 : 128;
  if (prefix.length === 0) return [address, allBits];
  if (!ipaddr().isValidCIDR(text)) return undefined;
  // `::ffff:10.0.0.0/104` is `10.0.0.0/8`.
  const bits = Number(prefix[0]) - (isIP(first) === 6 ? 128 - allBits : 0);
  return bits > 0 ? [address, bits] : undefined;
}

/**
 * Returns the address in `text` without brackets and port: IPv4 for one that is mapped into IPv6, and IPv6 in its
 * shortest form. Returns undefined if the text is not an address.
 */
export function plainAddress(text: string): string | undefined {
  const [, ipv6 = text, ipv4 = text] = isIP(text) === 0 ? (withPort.exec(text) ?? []) : [];
  if (isIP(ipv4) === 4) return ipv4;
  return isIP(ipv6) === 6 ? shortest(ipv6) : undefined;
}

/** `[2001:db8::1]`, `[2001:db8::1]:99` or `203.0.113.5:4711`. */
const withPort = /^(?:\[([^\]]+)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/;

function shortest(ipv6: string): string {
  return parseAddress(ipv6)?.toString() ?? ipv6;
}

/**
 * Returns whether an address belongs to the public Internet. Networks that carry other addresses inside, such as 6to4 and
 * NAT64, do not count, because they could lead to private ones.
 */
export function isPublicAddress(text: string): boolean {
  const address = parseAddress(text);
  if (address === undefined || address.range() !== 'unicast') return false;
  // 2000::/3 is all that is global unicast.
  return address.kind() === 'ipv4' || address.match(ipaddr().parse('2000::'), 3);
}

/** Returns IPv4 for an IPv4 address that is mapped into IPv6. */
function parseAddress(text: string): Ipaddr.IPv4 | Ipaddr.IPv6 | undefined {
  // By itself, ipaddr.js also reads octal, hexadecimal and fewer than four numbers, and `::192.0.2.1` as a mapped
  // address.
  if (isIP(text) === 0 || /^::\d+\./.test(text)) return undefined;
  return ipaddr().process(text);
}
