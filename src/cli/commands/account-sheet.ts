import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import type { SheetOptions } from '../work/account-sheet.ts';

/** Registers the command that writes codes as cards on paper. */
export function registerAccountSheet(account: Command, io: Io): void {
  const sheet = account
    .command('sheet <file.pdf> [users...]')
    .description(
      'Writes a PDF with a card for each account: its code, and what to do. Uses the valid code, extends it if it ends within a day, and issues one if there is none. If nobody gets a card, the file stays as it is, and the exit status is 1.',
    )
    .option(
      '--waiting',
      'for all accounts of the space in the states "Never set up" and "Code waiting", instead of those named',
    )
    .option('--space <domain>', 'the space of --waiting; default: the first')
    .addOption(new Option('--paper <size>', 'the size of the paper').choices(['A4', 'Letter']).default('A4'))
    .action(async (file: string, users: string[], options: SheetOptions, command: Command) => {
      const { writeSheet } = await import('../work/account-sheet.ts');
      return writeSheet(command, io, { file, users, ...options });
    });
  withManual(sheet, {
    examples: [
      './ringup account sheet codes.pdf alice bob@sip.example.com',
      './ringup account sheet codes.pdf --waiting --paper Letter',
    ],
    json: '`{file, cards, blocked}`: how many cards the file has, and the accounts that got none because they are blocked or were deleted meanwhile; without a card, `file` is null',
  });
}
