import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';

const work = () => import('../work/device.ts');

export function registerDevice(program: Command, io: Io): void {
  const device = program.command('device').description('Devices: the phones that got an account.');

  const list = device
    .command('list <user[@domain]>')
    .description('Lists the devices of an account, including revoked ones.')
    .action(async (address: string, _options: unknown, command: Command) => (await work()).list(command, io, address));
  withManual(list, { examples: ['./ringup device list alice@sip.example.com'], json: 'a list of devices' });

  const revoke = device
    .command('revoke <user[@domain]> <id>')
    .description(
      'Revokes a device: if it still fetches its document, the next one removes the account from it. Other devices keep working.',
    )
    .action(async (address: string, id: string, _options: unknown, command: Command) =>
      (await work()).revoke(command, io, address, id),
    );
  withManual(revoke, { examples: ['./ringup device revoke alice@sip.example.com 3'], json: 'the device' });
}
