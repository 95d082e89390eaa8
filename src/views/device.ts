import { Type } from 'typebox';
import type { Device } from '../devices/device-store.ts';
import { nullable } from '../lib/check-shape.ts';
import { isoDate } from './iso-date.ts';

const instant = Type.String({ format: 'date-time' });

export const deviceAnswer = Type.Object({
  id: Type.Integer(),
  name: Type.String({ description: "A readable name, derived from the phone's User-Agent." }),
  agent: Type.String(),
  version: nullable(Type.String()),
  address: Type.String({ description: 'The IP address of its last request.' }),
  first_seen_at: instant,
  last_seen_at: instant,
  revoked_at: nullable(instant),
  ended_at: nullable(Type.String({ format: 'date-time', description: 'When the device learned that it was revoked.' })),
});

/** Returns a device for the API and the commands, without its key. */
export function deviceJson(device: Device) {
  return {
    id: device.id,
    name: device.name,
    agent: device.agent,
    version: device.version,
    address: device.address,
    first_seen_at: isoDate(device.firstSeenAt),
    last_seen_at: isoDate(device.lastSeenAt),
    revoked_at: isoDate(device.revokedAt),
    ended_at: isoDate(device.endedAt),
  };
}
