import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';

const work = () => import('../work/login-link.ts');

/** Registers the command for administrators who are locked out. */
export function registerLoginLink(account: Command, io: Io): void {
  const link = account
    .command('login-link <user[@domain]>')
    .description('Prints a link that signs in to the panel once, within 10 minutes. Earlier links of the account end.')
    .action(async (address: string, _options: unknown, command: Command) =>
      (await work()).printLoginLink(command, io, address),
    );
  withManual(link, {
    examples: ['./ringup account login-link admin@sip.example.com'],
    json: '`login_url` and `expires_at`',
  });
}
