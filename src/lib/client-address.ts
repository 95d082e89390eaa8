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
 * Returns whether two addresses probably belong to the same client. IPv4 addresses must be equal (`::ffff:192.0.2.1`
 * counts as IPv4). IPv6 addresses must be in the same /64, because a device may change its address within it. Text that
 * is not an IP address matches nothing.
 */
export function sameClientNetwork(a: string, b: string): boolean {
  const address = parseAddress(a);
  const other = parseAddress(b);
  if (address === undefined || other === undefined || address.kind() !== other.kind()) return false;
  return address.match(other, address.kind() === 'ipv4' ? 32 : 64);
}

/**
 * Returns an IPv4 address unchanged, and the /64 of an IPv6 address. All text that is not an IP address counts as one
 * network.
 */
export function clientNetwork(text: string): string {
  const address = parseAddress(text);
  if (address === undefined) return 'unknown';
  return address.kind() === 'ipv4'
    ? address.toString()
    : ipaddr().IPv6.networkAddressFromCIDR(`${address.toString()}/64`).toString();
}

/**
 * Returns the /48 around a network of `clientNetwork`, because one client may have a whole /48 with 65,536 such
 * networks. Undefined for IPv4.
 */
export function widerNetwork(network: string): string | undefined {
  if (isIP(network) !== 6) return undefined;
  return `${ipaddr().IPv6.networkAddressFromCIDR(`${network}/48`).toString()}/48`;
}

/** Returns whether `text` is an IP address, or a network with a prefix of at least one bit, such as `10.0.0.0/8`. */
export function isAddressOrNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

/**
 * Returns the first address of a network and the length of its prefix. For a single address, the prefix has all bits.
 */
export function parseNetwork(text: string): readonly [Ipaddr.IPv4 | Ipaddr.IPv6, number] | undefined {
  const [first = '', ...prefix] = text.split('/');
  const address = parseAddress(first);
  if (address === undefined) return undefined;
  const allBits = address.kind() === 'ipv4' ? 32 : 128;
  if (prefix.length === 0) return [address, allBits];
  if (!ipaddr().isValidCIDR(text)) return undefined;
  // `::ffff:10.0.0.0/104` means `10.0.0.0/8`.
  const bits = Number(prefix[0]) - (isIP(first) === 6 ? 128 - allBits : 0);
  return bits > 0 ? [address, bits] : undefined;
}

/**
 * Returns the address in `text` without brackets and port. An IPv4 address that is mapped into IPv6 becomes IPv4, and
 * IPv6 gets its shortest form. Returns undefined if the text is not an address.
 */
export function plainAddress(text: string): string | undefined {
  const [, ipv6 = text, ipv4 = text] = isIP(text) === 0 ? (withPort.exec(text) ?? []) : [];
  if (isIP(ipv4) === 4) return ipv4;
  return isIP(ipv6) === 6 ? shortest(ipv6) : undefined;
}

/** Matches an address with brackets or a port: `[2001:db8::1]`, `[2001:db8::1]:99` or `203.0.113.5:4711`. */
const withPort = /^(?:\[([^\]]+)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/;

function shortest(ipv6: string): string {
  return parseAddress(ipv6)?.toString() ?? ipv6;
}

/**
 * Returns whether an address belongs to the public Internet. Networks that embed other addresses, such as 6to4 and
 * NAT64, do not count, because they could lead to private ones.
 */
export function isPublicAddress(text: string): boolean {
  const address = parseAddress(text);
  if (address === undefined || address.range() !== 'unicast') return false;
  // All global unicast addresses are in 2000::/3.
  return address.kind() === 'ipv4' || address.match(ipaddr().parse('2000::'), 3);
}

/** Parses an address. An IPv4 address that is mapped into IPv6 becomes IPv4. */
function parseAddress(text: string): Ipaddr.IPv4 | Ipaddr.IPv6 | undefined {
  // Checked first, because ipaddr.js also accepts octal and hexadecimal numbers and fewer than four of them, and reads
  // `::192.0.2.1` as a mapped address.
  if (isIP(text) === 0 || /^::\d+\./.test(text)) return undefined;
  return ipaddr().process(text);
}
