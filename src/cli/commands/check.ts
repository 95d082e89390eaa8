import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';

const work = () => import('../work/check.ts');

export function registerCheck(program: Command, io: Io): void {
  const command = program
    .command('check')
    .description(
      'Checks the settings, linphonerc, hooks, database and files, and reports errors and risks. Changes nothing.',
    )
    .action(async (_options: unknown, command: Command) => (await work()).check(command, io));
  withManual(command, {
    examples: ['./ringup check', './ringup check --env-file /etc/ringup.env --json'],
    json: '`{settings, linphonerc, hooks, database, files}`, each with two lists of sentences, `{wrong, unwise}`, and with `unset` if no file is set',
  });
}
