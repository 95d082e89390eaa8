import type { Command } from 'commander';
import { addressOf } from '../../accounts/account.ts';
import { operator } from '../../events/actor.ts';
import { handOutSheet } from '../../sheets/hand-out-sheet.ts';
import { sheetPdf } from '../../sheets/sheet-pdf.ts';
import { BadNews } from '../explain.ts';
import type { Io } from '../io.ts';
import { withApp } from '../open-app.ts';
import { print } from '../output/print.ts';
import { withPrivateFile } from '../output/private-file.ts';
import { usersOrGroup } from '../users-or-group.ts';

export interface SheetOptions {
  readonly waiting?: true;
  /** The space to use with `waiting`; undefined means the first. */
  readonly space?: string;
  readonly paper: 'A4' | 'Letter';
}

export function writeSheet(
  command: Command,
  io: Io,
  { file, users, waiting, space, paper }: SheetOptions & { readonly file: string; readonly users: readonly string[] },
): Promise<void> {
  return withApp(command, io, async (app) => {
    const filter = waiting ? 'waiting' : undefined;
    const { groups } = await usersOrGroup(app, { users, filter, option: '--waiting', ofGroup: { space } });
    const { cards, without } = await withPrivateFile(file, async (write) => {
      const sheet = await handOutSheet(app, operator, groups, { max: Infinity });
      if (sheet.cards.length > 0) await write([await sheetPdf(sheet.cards, { title: file, paper })]);
      return sheet;
    });
    const blocked = without.map(addressOf);
    if (cards.length === 0) {
      print(command, io, { file: null, cards: 0, blocked }, () => '');
      // A script that prints the file afterwards must not print an older one.
      throw new BadNews(`${file} was not written, because ${whyNone(blocked)}.`);
    }
    print(command, io, { file, cards: cards.length, blocked }, () => {
      const made = `Wrote ${file} with ${cards.length === 1 ? 'one card' : `${cards.length} cards`}.\n`;
      return blocked.length === 0
        ? made
        : `${made}Without a card, because they are blocked or gone: ${blocked.join(', ')}.\n`;
    });
  });
}

/** Returns why there is no card. Accounts in a state of `--waiting` are not blocked. */
function whyNone(blocked: readonly string[]): string {
  if (blocked.length === 0) return 'no account waits for a phone: all are set up or blocked';
  return `accounts that are blocked or gone get no card: ${blocked.join(', ')}`;
}
