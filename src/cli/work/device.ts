import type { Command } from 'commander';
import { addressOf } from '../../accounts/account.ts';
import { listDevices } from '../../devices/list-devices.ts';
import { revokeDevice } from '../../devices/revoke-device.ts';
import { operator } from '../../events/actor.ts';
import { deviceJson } from '../../views/device.ts';
import { accountAt, withAccount } from '../account-at.ts';
import type { Io } from '../io.ts';
import { withApp } from '../open-app.ts';
import { print, table } from '../output/print.ts';

export function list(command: Command, io: Io, address: string): Promise<void> {
  return withApp(command, io, async (app) => {
    const { account } = await accountAt(app, address);
    const devices = await listDevices(app, account);
    const rows = devices.map(({ id, name, address, lastSeenAt, revokedAt }) => ({
      id,
      name,
      address,
      last_seen: new Date(lastSeenAt),
      revoked: revokedAt === null ? 'no' : new Date(revokedAt),
    }));
    print(command, io, devices.map(deviceJson), (screen) => table(screen, rows, 'This account has no devices.'));
  });
}

export function revoke(command: Command, io: Io, address: string, id: string): Promise<void> {
  return withAccount(command, io, address, async (app, found) => {
    const revoked = await revokeDevice(app, operator, found.account, id);
    const words = () => `Revoked ${revoked.name} (${revoked.id}) of ${addressOf(found)}.\n`;
    print(command, io, deviceJson(revoked), words);
  });
}
