import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { expiresChoices, expiresOption } from '../options.ts';
import type { InviteOptions } from '../work/invite.ts';

export function registerInvite(account: Command, io: Io): void {
  const invite = account
    .command('invite [user[@domain]...]')
    .description(
      'Mails people the code of their account: the valid one, or a new one. The mails are queued, and the running server sends them.',
    )
    .addOption(
      new Option('--waiting', 'all accounts of the space in the states "Never set up" and "Code waiting"').conflicts(
        'all',
      ),
    )
    .option('--all', 'all accounts of the space that are not blocked')
    .option(
      '--invited <before>',
      'with --waiting and --all: never (who got no mail yet), 7d (who got the last one at least that long ago), everyone; default: never',
    )
    .option('--space <domain>', 'the space of --waiting and --all; default: the first')
    .option(
      expiresOption,
      `until when the codes are valid at least: ${expiresChoices}; a code that ends later is not shortened; default for a new code: the lifetime that the space sets`,
    )
    .option('--dry-run', 'only say how many mails that would be')
    .action(async (addresses: string[], options: InviteOptions, command: Command) =>
      (await import('../work/invite.ts')).inviteAccounts(command, io, addresses, options),
    );
  withManual(invite, {
    examples: [
      './ringup account invite alice bob --expires 7d',
      './ringup account invite --waiting --dry-run',
      './ringup account invite --waiting --invited 7d',
    ],
    json: '`{queued, without_address, left_out, blocked}`',
  });
}
