import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';

const work = () => import('../work/demo.ts');

export function registerDemo(program: Command, io: Io): void {
  const command = program
    .command('demo')
    .description(
      'Shows how provisioning works, with a temporary database: the account alice, her QR code, and each request as ' +
        'it arrives. Ctrl-C stops it and deletes the database.',
    )
    .option('--lan', 'listen on the first LAN address, so that a real phone can scan the code')
    .action(async (options: { lan?: boolean }, command: Command) => (await work()).demo(command, io, options));
  withManual(command, {
    examples: ['./ringup demo', './ringup demo --lan'],
    json: '`{provisioning_url}`; everything else goes to standard error',
  });
}
