import type { AccountEvent } from '../events/event.ts';
import type { Client } from '../tokens/token.ts';
import type { Device } from './device-store.ts';

/** Returns the event for a request that a device made. */
export function deviceEvent(
  kind: 'refetched' | 'device-ended' | 'device-refused',
  device: Device,
  spaceId: number,
  { address, agent }: Client,
  at: number,
): AccountEvent {
  const { accountId, tokenId } = device;
  return { at, kind, spaceId, accountId, tokenId, address, agent, detail: { device: device.id } };
}
