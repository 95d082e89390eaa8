import { Type } from 'typebox';
import type { AccountInSpace } from '../accounts/account.ts';
import type { Device } from '../devices/device.ts';
import { accountAnswer, accountJson } from './account.ts';
import { deviceAnswer, deviceJson } from './device.ts';

export const newPasswordAnswer = Type.Object({
  ...accountAnswer.properties,
  devices: Type.Optional(
    Type.Array(deviceAnswer, {
      description:
        'Only if the password is new: the devices that fetch it by their keys. With `revoke_devices`, they were revoked instead.',
    }),
  ),
});

/** Returns an account, with the devices that follow its new password if it has one. */
export function newPasswordJson(found: AccountInSpace, devices: readonly Device[] | undefined) {
  return { ...accountJson(found), ...(devices === undefined ? {} : { devices: devices.map(deviceJson) }) };
}
