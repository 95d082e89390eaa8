import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import type { ExportOptions } from '../work/account-export.ts';
import type { ImportOptions } from '../work/account-import.ts';

/** Registers the commands of `./ringup account` that read and write tables of accounts. */
export function registerAccountTables(account: Command, io: Io): void {
  registerImport(account, io);
  registerExport(account, io);
}

/** The options of an import that say how a table is read. */
const ofTables = ['space', 'dryRun', 'onDuplicate', 'partial', 'allowAdmin', 'invite', 'result'];

function registerImport(account: Command, io: Io): void {
  const importing = account
    .command('import [file]')
    .description(
      'Creates and changes accounts from a table (CSV), as spreadsheets, directories and telephone systems export it; - reads ' +
        'standard input. The first line names the columns. If a row is refused, nothing is written, unless --partial is ' +
        'given. An empty cell changes nothing. Ctrl-C ends the import after the rows that it is checking or writing. The exit status is 1 if ' +
        'a row was refused.',
    )
    .option('--space <domain>', 'the space of the accounts; default: the first')
    .option('--dry-run', 'check all rows and write none')
    .addOption(
      new Option('--on-duplicate <mode>', 'what happens to existing accounts that differ')
        .choices(['refuse', 'skip', 'update'])
        .default('refuse'),
    )
    .option('--partial', 'write the good rows although others are refused')
    .option('--allow-admin', 'rows may make and unmake administrators')
    .option('--invite', 'mail new accounts their codes; the running server sends the mails')
    .option(
      '--result <file>',
      'write what became of each row to a table, with generated passwords and the addresses of the codes; only its owner can read it',
    )
    .addOption(new Option('--template', 'print a first line with all columns, and do nothing else').conflicts(ofTables))
    .action(async (file: string | undefined, options: ImportOptions, command: Command) =>
      (await import('../work/account-import.ts')).importFile(command, io, file, options),
    );
  withManual(importing, {
    examples: [
      './ringup account import colleagues.csv --dry-run',
      './ringup account import colleagues.csv --on-duplicate update --result result.csv',
      './ringup account import --template > colleagues.csv',
    ],
    json: 'the import as `GET /api/imports/{id}` has it',
  });
}

function registerExport(account: Command, io: Io): void {
  const exporting = account
    .command('export [file]')
    .description(
      'Writes the accounts as a table (CSV) that `./ringup account import` reads, without passwords. Without FILE, it goes to ' +
        'standard output. A cell that a spreadsheet would take for a formula begins with an apostrophe.',
    )
    .option('--space <domain>', 'only accounts of this space; default: the first')
    .option('--ha1', 'add the HA1s, which are as good as passwords')
    .action(async (file: string | undefined, options: ExportOptions, command: Command) =>
      (await import('../work/account-export.ts')).exportTable(command, io, file, options),
    );
  withManual(exporting, {
    examples: ['./ringup account export accounts.csv', './ringup account export --space sip.example.com --ha1'],
    json: 'with FILE `{file, accounts}`, where `accounts` is their number; without FILE the table',
  });
}
