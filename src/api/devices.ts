import { actorOf, selfOf } from '../access/caller.ts';
import { managedAccount } from '../access/managed-account.ts';
import { listDevices as list, listOwnDevices as listOwn } from '../devices/list-devices.ts';
import { revokeDevice as revoke } from '../devices/revoke-device.ts';
import { endpoint } from '../http/route.ts';
import { maxListed } from '../lib/max-listed.ts';
import { deviceAnswer, deviceJson, devicesAnswer, devicesJson } from '../views/device.ts';

const revoking =
  '`uuid` or `id` names it. If it still fetches its document, the next one removes the account from it. Other devices keep working.';

export const listOwnDevices = endpoint({
  summary: "List the devices of the caller's own account that are not revoked",
  description: `At most the newest ${maxListed}.`,
  answer: devicesAnswer,
  handle: async ({ app, caller }) => devicesJson(await listOwn(app, caller.account)),
});

export const revokeOwnDevice = endpoint({
  params: ['deviceId'],
  summary: "Revoke a device of the caller's own account",
  description: revoking,
  answer: deviceAnswer,
  handle: async ({ app, caller, params }) =>
    deviceJson(await revoke(app, selfOf(caller), caller.account, params.deviceId)),
});

export const listDevices = endpoint({
  params: ['id'],
  summary: 'List the devices of an account, including revoked ones',
  description: `At most ${maxListed}: the newest that are not revoked, and then the newest of the others.`,
  answer: devicesAnswer,
  async handle({ app, caller, params }) {
    const { account } = await managedAccount(app, caller, params.id);
    return devicesJson(await list(app, account));
  },
});

export const revokeDevice = endpoint({
  params: ['id', 'deviceId'],
  summary: 'Revoke a device',
  description: revoking,
  answer: deviceAnswer,
  async handle({ app, caller, params }) {
    const { account } = await managedAccount(app, caller, params.id);
    return deviceJson(await revoke(app, actorOf(caller), account, params.deviceId));
  },
});
