import type { NewEvent } from '../events/event.ts';
import type { Client } from '../tokens/token.ts';
import type { Device } from './device-store.ts';

/** What a device did that asked by itself. */
export function deviceEvent(
  kind: 'refetched' | 'device-ended' | 'device-refused',
  device: Device,
  spaceId: number,
  { address, agent }: Client,
  at: number,
): NewEvent {
  const { accountId, tokenId } = device;
  return { at, kind, spaceId, accountId, tokenId, address, agent, detail: { device: device.id } };
}
