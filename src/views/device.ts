import { Type } from 'typebox';
import type { ListedDevice } from '../devices/device.ts';
import { nullable } from '../lib/check-shape.ts';
import { readAgent } from '../sip/device-name.ts';
import { isoDate } from './iso-date.ts';

const instant = Type.String({ format: 'date-time' });

export const deviceAnswer = Type.Object(
  {
    uuid: Type.String({ description: '`urn:uuid:` and random digits.' }),
    update_time: Type.String({
      format: 'date-time',
      description: 'When it last fetched its document, to about a minute.',
    }),
    user_agent: Type.String({ description: 'As the phone sent it.' }),
    id: Type.Integer(),
    app: nullable(Type.String({ description: 'Such as `Linphone on Android`; null if unknown.' })),
    version: nullable(Type.String()),
    device_name: nullable(Type.String({ description: 'What the phone calls itself, such as `Pixel 7`.' })),
    address: Type.String({ description: 'The IP address of its last request.' }),
    first_seen_at: instant,
    revoked_at: nullable(instant),
    ended_at: nullable(
      Type.String({ format: 'date-time', description: 'When the device learned that it was revoked.' }),
    ),
  },
  { title: 'Device' },
);

/** An object by `uuid`, because the library of the apps cannot parse a list. */
export const devicesAnswer = Type.Object({}, { additionalProperties: deviceAnswer });

/** Returns a device for the API and the commands, without its key and its address. */
export function deviceJson(device: ListedDevice) {
  const { app, version, model } = readAgent(device.agent);
  return {
    uuid: `urn:uuid:${device.uuid}`,
    // Without a fraction of seconds, as the apps expect.
    update_time: isoDate(device.lastSeenAt).replace(/\.\d+/, ''),
    user_agent: device.agent,
    id: device.id,
    app,
    version,
    device_name: model,
    address: device.address,
    first_seen_at: isoDate(device.firstSeenAt),
    revoked_at: isoDate(device.revokedAt),
    ended_at: isoDate(device.endedAt),
  };
}

export function devicesJson(devices: readonly ListedDevice[]): Record<string, ReturnType<typeof deviceJson>> {
  return Object.fromEntries(devices.map(deviceJson).map((each) => [each.uuid, each]));
}
