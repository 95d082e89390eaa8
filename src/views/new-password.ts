import { Type } from 'typebox';
import type { ListedDevice } from '../devices/device.ts';
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

/**
 * Adds the devices that fetch a new password or were revoked with the old one to the account, if there is a new
 * password.
 */
export function newPasswordJson<Shown extends ReturnType<typeof ownAccountJson>>(
  shown: Shown,
  devices: readonly ListedDevice[] | undefined,
) {
  return { ...shown, ...(devices === undefined ? {} : { devices: devices.map(deviceJson) }) };
}
