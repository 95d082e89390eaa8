import { isIP } from 'node:net';
import { ipaddr, parseNetwork, plainAddress } from './client-address.ts';

/** Where a request came from. */
export interface Sender {
  /** The address of the client or, if that is unknown, of whoever is known and closest to it. */
  readonly address: string;
  /** Whether a trusted proxy holds the connection. Its end then says nothing about the client's. */
  readonly throughProxy: boolean;
  /** Whether a trusted proxy named the address, in `X-Forwarded-For`. */
  readonly named: boolean;
}

/** Returns which addresses are trusted: those of the list, and those in its networks. */
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
 * Returns the sender of a request that came from `direct`. Each trusted proxy vouches for the address that it added at the end of
 * `X-Forwarded-For`, and for nothing else. Text there that is no address ends the search.
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
