import { AppError } from '../errors.ts';
import type { DeviceRefusal } from '../events/event.ts';
import type { EventLog } from '../events/event-log.ts';
import type { Client } from '../tokens/token.ts';
import { deviceEvent } from './device.ts';
import type { CallingDevice } from './identify-device.ts';

interface RefusalContext {
  readonly events: EventLog;
  now(): number;
}

/** Records that a device does not get its document, and returns the error to answer with. */
export function refuseDevice(
  { events, now }: RefusalContext,
  { device, space }: CallingDevice,
  client: Client,
  reason: DeviceRefusal,
): AppError {
  events.record(deviceEvent('device-refused', { device, spaceId: space.id, client, at: now(), reason }));
  if (reason === 'header-missing') return new AppError('provisioning-header-missing', {});
  return new AppError('not-allowed', { why: reason });
}
