import { isIPv4, isIPv6 } from 'node:net';

/**
 * Whether two addresses are likely the same client: IPv4 (also written as `::ffff:192.0.2.1`) alike, IPv6 in the same
 * /64, within which a device changes its address by itself. What is not an IP address is the same as nothing.
 */
export function sameClientNetwork(a: string, b: string): boolean {
  const network = clientNetwork(a);
  return network !== undefined && network === clientNetwork(b);
}

function clientNetwork(address: string): string | undefined {
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return undefined;
  const groups = ipv6Groups(address);
  const [high = 0, low = 0] = groups.slice(6);
  const isMappedIPv4 = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMappedIPv4) return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  return groups.slice(0, 4).join(':');
}

/** The eight 16-bit numbers of a valid IPv6 address. */
function ipv6Groups(address: string): number[] {
  const withoutZone = address.split('%')[0] ?? '';
  const [head = '', tail] = withoutZone.split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
