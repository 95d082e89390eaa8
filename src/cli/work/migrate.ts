import type { Command } from 'commander';
import { migrateDatabase, migrationsOf, missingDatabase } from '../../instance-database.ts';
import type { Io } from '../io.ts';
import { settingsOf } from '../open-app.ts';
import { print } from '../output/print.ts';

export async function migrate(command: Command, io: Io, options: { readonly status?: boolean }): Promise<void> {
  const settings = settingsOf(command, io);
  const { now, ...status } =
    options.status === true ? { ...(await migrationsOf(settings)), now: [] } : await migrateDatabase(settings);
  print(command, io, status, () => inWords(status, now));
  const missing = missingDatabase(settings);
  if (missing !== undefined) io.err(`Note: ${missing.message}\n`);
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
