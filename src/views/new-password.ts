import { Type } from 'typebox';
import type { Device } from '../devices/device.ts';
import { accountAnswer, type ownAccountJson } from './account.ts';
import { deviceAnswer, deviceJson } from './device.ts';

export const newPasswordAnswer = Type.Object(
  {
    ...accountAnswer.properties,
    devices: Type.Optional(
      Type.Array(deviceAnswer, {
        description:
          'Only if the password is new: the devices that fetch it by their keys. With `revoke_devices`, all devices that were revoked.',
      }),
    ),
  },
  { title: 'ChangedAccount' },
);

/** Adds the devices that follow a new password or were revoked with it, if there is one, to what is shown of the account. */
export function newPasswordJson<Shown extends ReturnType<typeof ownAccountJson>>(
  shown: Shown,
  devices: readonly Device[] | undefined,
) {
  return { ...shown, ...(devices === undefined ? {} : { devices: devices.map(deviceJson) }) };
}
