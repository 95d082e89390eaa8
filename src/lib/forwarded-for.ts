import { isIP } from 'node:net';
import { ipaddr, parseNetwork, plainAddress } from './client-address.ts';

/** Where a request came from. */
export interface Sender {
  /** The address of the client or, if it is unknown, the closest known address on the way to it. */
  readonly address: string;
  /** Whether the connection comes from a trusted proxy. Its end then says nothing about the client. */
  readonly throughProxy: boolean;
  /** Whether the address comes from a trusted proxy's `X-Forwarded-For`. */
  readonly named: boolean;
}

/** Returns a function that says whether an address is in the list or in one of its networks. */
export function trusting(proxies: readonly string[]): (address: string) => boolean {
  if (proxies.length === 0) return () => false;
  const networks = proxies.map(parseNetwork).filter((each) => each !== undefined);
  return (address) => {
    if (isIP(address) === 0) return false;
    const parsed = ipaddr().process(address);
    return networks.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits));
  };
}

/** Returns the sender of a request without `X-Forwarded-For` from `peer`. */
export function directSender(peer: string, isTrusted: (address: string) => boolean): Sender {
  const address = plainAddress(peer) ?? peer;
  return { address, throughProxy: isTrusted(address), named: false };
}

/**
 * Returns the sender of a request that came from `direct`. A trusted proxy vouches only for the address that it
 * appended to `X-Forwarded-For`. Text that is not an address ends the search.
 */
export function senderOf(
  direct: Sender,
  forwardedFor: string | undefined,
  isTrusted: (address: string) => boolean,
): Sender {
  if (!direct.throughProxy || forwardedFor === undefined) return direct;
  let { address, named } = direct;
  for (const text of forwardedFor.split(',').reverse()) {
    const next = plainAddress(text.trim());
    if (next === undefined) break;
    address = next;
    named = true;
    if (!isTrusted(next)) break;
  }
  return { address, throughProxy: true, named };
}
