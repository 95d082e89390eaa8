import type { Command } from 'commander';
import { migrateDatabase, migrationsOf } from '../../instance-database.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { settingsOf } from '../open-app.ts';
import { print } from '../output/print.ts';

export function registerMigrate(program: Command, io: Io): void {
  const command = program
    .command('migrate')
    .description('Updates the database to this version of Ringup. With SQLite, other commands do this too.')
    .option('--status', 'only show which migrations are applied and which are pending')
    .action(async (options: { status?: boolean }, command: Command) => {
      const settings = settingsOf(command, io);
      const { now, ...status } =
        options.status === true ? { ...(await migrationsOf(settings)), now: [] } : await migrateDatabase(settings);
      print(command, io, status, () => inWords(status, now));
    });
  withManual(command, {
    examples: ['ringup migrate', 'ringup migrate --status --json'],
    json: '`{applied, pending}`: the names of the migrations after the command has run',
  });
}

function inWords(
  status: { readonly applied: readonly string[]; readonly pending: readonly string[] },
  applied: readonly string[],
): string {
  const lines = [
    ...status.applied.map((name) => `${name}  ${applied.includes(name) ? 'applied now' : 'applied'}`),
    ...status.pending.map((name) => `${name}  pending`),
  ];
  return `${lines.join('\n')}\n`;
}
