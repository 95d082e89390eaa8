import type { EventLog } from '../events/event-log.ts';
import type { Client } from '../tokens/token.ts';
import { deviceEvent } from './device-events.ts';
import type { Device } from './device-store.ts';
import type { DeviceUses } from './device-uses.ts';

interface RefusalContext {
  readonly deviceUses: DeviceUses;
  readonly events: EventLog;
  now(): number;
}

/** Returns whether a device must be refused because it was told that it is revoked. Records that it asked again. */
export function refusesDevice(
  { deviceUses, events, now }: RefusalContext,
  device: Device,
  spaceId: number,
  client: Client,
): boolean {
  if (device.revokedAt === null || !deviceUses.hasEnded(device)) return false;
  events.record(deviceEvent('device-refused', device, spaceId, client, now()));
  return true;
}
