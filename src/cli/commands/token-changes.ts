import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { expiresChoices, expiresOption } from '../options.ts';

const work = () => import('../work/token.ts');

/** Registers the commands of `./ringup token` that list and change issued tokens. */
export function registerTokenChanges(token: Command, io: Io): void {
  const list = token
    .command('list <user[@domain]>')
    .description('Lists the tokens of an account, newest first. Shows only the first letters of each token.')
    .action(async (address: string, _options: unknown, command: Command) => (await work()).list(command, io, address));
  withManual(list, { examples: ['./ringup token list alice@sip.example.com'], json: 'a list of tokens' });

  const extend = token
    .command('extend <user[@domain]> <id>')
    .description(
      'Changes when an unused token expires, even if it has expired already. `./ringup token list` shows the ids.',
    )
    .option(expiresOption, `${expiresChoices}; default: the lifetime of a new token`)
    .action(async (address: string, id: string, options: { expires?: string }, command: Command) =>
      (await work()).extend(command, io, { ...options, address, id }),
    );
  withManual(extend, {
    examples: [
      './ringup token extend alice@sip.example.com 12',
      './ringup token extend alice@sip.example.com 12 --expires 2d',
    ],
    json: 'the token',
  });

  const revoke = token
    .command('revoke <user[@domain]> [id]')
    .description('Revokes one token of an account, or all of them. `./ringup token list` shows the ids.')
    .action(async (address: string, id: string | undefined, _options: unknown, command: Command) => {
      const { revokeAll, revokeOne } = await work();
      await (id === undefined ? revokeAll(command, io, address) : revokeOne(command, io, address, id));
    });
  withManual(revoke, {
    examples: ['./ringup token revoke alice@sip.example.com', './ringup token revoke alice@sip.example.com 12'],
    json: 'the account; with ID, the token',
  });
}
