import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { expiresChoices, expiresOption, withCodeOptions } from '../options.ts';
import type { IssueOptions } from '../work/token.ts';
import { registerTokenChanges } from './token-changes.ts';

const work = () => import('../work/token.ts');

export function registerToken(program: Command, io: Io): void {
  const token = program.command('token').description('Provisioning tokens, with which phones get their accounts.');

  const issue = withCodeOptions(
    token
      .command('issue <user[@domain]>')
      .description('Issues a token and revokes the older ones of the account.')
      .option(expiresOption, `when it expires: ${expiresChoices}; default: the lifetime that the space sets`)
      .option('--reset-password', 'replace the password by a random one when the phone uses the token'),
  ).action(async (address: string, options: IssueOptions, command: Command) =>
    (await work()).issue(command, io, address, options),
  );
  withManual(issue, {
    examples: [
      './ringup token issue alice@sip.example.com --expires 1h --qr',
      './ringup token issue alice@sip.example.com --reset-password --png alice.png --json',
    ],
    json: '`{provisioning_token, provisioning_url, expires_at}`; with `--reset-password` also `devices`, those that will fetch the new password by their keys',
  });

  registerTokenChanges(token, io);
}
