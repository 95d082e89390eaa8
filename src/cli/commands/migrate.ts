import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';

const work = () => import('../work/migrate.ts');

export function registerMigrate(program: Command, io: Io): void {
  const command = program
    .command('migrate')
    .description('Updates the database to this version of Ringup. With SQLite, other commands do this too.')
    .option('--status', 'only show which migrations are applied and which are pending')
    .action(async (options: { status?: boolean }, command: Command) => (await work()).migrate(command, io, options));
  withManual(command, {
    examples: ['./ringup migrate', './ringup migrate --status --json'],
    json: '`{applied, pending}`: the names of the migrations after the command has run',
  });
}
