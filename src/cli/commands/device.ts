import type { Command } from 'commander';
import { addressOf } from '../../accounts/account.ts';
import { listDevices } from '../../devices/list-devices.ts';
import { revokeDevice } from '../../devices/revoke-device.ts';
import { operator } from '../../events/actor.ts';
import { deviceJson } from '../../views/device.ts';
import { isoDate } from '../../views/iso-date.ts';
import { accountAt, withAccount } from '../account-at.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { withApp } from '../open-app.ts';
import { print, table } from '../output/print.ts';

export function registerDevice(program: Command, io: Io): void {
  const device = program.command('device').description('Devices: the phones that got an account.');

  const list = device
    .command('list <user[@domain]>')
    .description('Lists the devices of an account, including revoked ones.')
    .action((address: string, _options: unknown, command: Command) =>
      withApp(command, io, async (app) => {
        const { account } = await accountAt(app, address);
        const devices = await listDevices(app, account);
        const rows = devices.map(({ id, name, address, lastSeenAt, revokedAt }) => ({
          id,
          name,
          address,
          last_seen: isoDate(lastSeenAt),
          revoked: isoDate(revokedAt) ?? 'no',
        }));
        print(command, io, devices.map(deviceJson), () => table(rows, 'This account has no devices.'));
      }),
    );
  withManual(list, { examples: ['ringup device list alice@sip.example.com'], json: 'a list of devices' });

  const revoke = device
    .command('revoke <user[@domain]> <id>')
    .description('Revokes a device: its next fetch tells it to delete the account. Other devices are not affected.')
    .action(async (address: string, id: string, _options: unknown, command: Command) => {
      await withAccount(command, io, address, async (app, found) => {
        const revoked = await revokeDevice(app, operator, found.account, id);
        const words = () => `Revoked ${revoked.name} (${revoked.id}) of ${addressOf(found)}.\n`;
        print(command, io, deviceJson(revoked), words);
      });
    });
  withManual(revoke, { examples: ['ringup device revoke alice@sip.example.com 3'], json: 'the device' });
}
