import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

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
    : ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/64`).toString();
}

/** Returns whether `text` is an IP address, or a network with a prefix of at least one bit, such as `10.0.0.0/8`. */
export function isAddressOrNetwork(text: string): boolean {
  const [address = '', ...prefix] = text.split('/');
  if (parseAddress(address) === undefined) return false;
  return prefix.length === 0 || (ipaddr.isValidCIDR(text) && Number(prefix[0]) > 0);
}

/** Returns IPv4 for an IPv4 address that is mapped into IPv6. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  // By itself, ipaddr.js also reads octal, hexadecimal and fewer than four numbers, and `::192.0.2.1` as a mapped
  // address.
  if (isIP(text) === 0 || /^::\d+\./.test(text)) return undefined;
  return ipaddr.process(text);
}
