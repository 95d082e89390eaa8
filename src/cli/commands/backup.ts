import type { Command } from 'commander';
import { withYesOption, type YesOption } from '../confirm.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';

const work = () => import('../work/backup.ts');

const json = '`{file, bytes, accounts}`';
const notCopied = "The instance's linphonerc, the hooks, the settings and the file `secret` are not part of it";

export function registerBackup(program: Command, io: Io): void {
  const command = program
    .command('backup <file>')
    .description(
      'Copies the SQLite database to FILE while it is in use, and checks the copy. FILE must not exist; only its owner can ' +
        `read it. ${notCopied}: copy them too. With PostgreSQL, says which pg_dump to run.`,
    )
    .action(async (file: string, _options: unknown, command: Command) => (await work()).backup(command, io, file));
  withManual(command, { examples: ['./ringup backup backup/ringup.sqlite'], json });
}

export function registerRestore(program: Command, io: Io): void {
  const command = withYesOption(program.command('restore <file>'))
    .description(
      'Puts the copy FILE in the place of the SQLite database, or makes one from it. No server may run. The current database ' +
        'is kept beside it. Open codes, auth tokens, API keys that users fetched for themselves, unfinished imports and ' +
        `waiting mails end in the restored copy. Asks first at a terminal. ${notCopied}. With PostgreSQL, says which ` +
        'pg_restore to run.',
    )
    .action(async (file: string, options: YesOption, command: Command) =>
      (await work()).restore(command, io, file, options),
    );
  withManual(command, { examples: ['./ringup restore backup/ringup.sqlite --yes'], json });
}
