import type { AccountEvent, DeviceRefusal } from '../events/event.ts';
import type { Client } from '../tokens/token.ts';
import type { Device } from './device.ts';

/** Returns the event for a request that a device made. */
export function deviceEvent(
  kind: 'refetched' | 'device-ended' | 'ending-repeated' | 'device-refused',
  device: Device,
  spaceId: number,
  { address, agent }: Client,
  at: number,
  reason?: DeviceRefusal,
): AccountEvent {
  const { accountId, tokenId } = device;
  const detail = { device: device.id, ...(reason === undefined ? {} : { reason }) };
  return { at, kind, spaceId, accountId, tokenId, address, agent, detail };
}
