import { Type } from 'typebox';
import { actorOf } from '../access/actor-of-caller.ts';
import type { Account } from '../accounts/account.ts';
import type { App } from '../app.ts';
import { listDevices } from '../devices/device-store.ts';
import { revokeDevice } from '../devices/devices.ts';
import { oneself } from '../events/event.ts';
import { type Route, route } from '../http/route.ts';
import { deviceAnswer, deviceJson } from '../views/device.ts';
import { managedAccount } from './lookup.ts';

const revoking = 'At its next fetch it is told to forget the account; other devices go on.';

export const deviceRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/accounts/me/devices',
    caller: 'user',
    summary: "The devices of the caller's own account",
    answer: Type.Array(deviceAnswer),
    handle: ({ app, caller }) => devicesOf(app, caller.account.id),
  }),
  route({
    method: 'DELETE',
    path: '/api/accounts/me/devices/:deviceId',
    caller: 'user',
    summary: "Revoke a device of the caller's own account",
    description: revoking,
    answer: deviceAnswer,
    handle: ({ app, caller, params }) => revoke(app, caller.account, params.deviceId, oneself),
  }),
  route({
    method: 'GET',
    path: '/api/accounts/:id/devices',
    caller: 'admin',
    summary: 'The devices of an account',
    answer: Type.Array(deviceAnswer),
    handle: async ({ app, caller, params }) =>
      devicesOf(app, (await managedAccount(app, caller, params.id)).account.id),
  }),
  route({
    method: 'DELETE',
    path: '/api/accounts/:id/devices/:deviceId',
    caller: 'admin',
    summary: 'Revoke a device',
    description: revoking,
    answer: deviceAnswer,
    handle: async ({ app, caller, params }) =>
      revoke(app, (await managedAccount(app, caller, params.id)).account, params.deviceId, actorOf(caller)),
  }),
];

async function devicesOf(app: App, accountId: number) {
  await app.deviceUses.flush();
  return (await listDevices(app.database, accountId)).map(deviceJson);
}

async function revoke(app: App, account: Account, deviceId: string, actor: string) {
  const by = { actor, at: app.now() };
  return deviceJson(await app.database.transaction().execute((db) => revokeDevice(db, account, deviceId, by)));
}
