import type { Command } from 'commander';
import { type AccountInSpace, addressOf } from '../../accounts/account.ts';
import { listPage } from '../../administration/account-list.ts';
import type { App } from '../../app.ts';
import { AppError } from '../../errors.ts';
import { operator } from '../../events/actor.ts';
import { sheetCard } from '../../sheets/sheet-card.ts';
import { sheetPdf } from '../../sheets/sheet-pdf.ts';
import { handOutCodes } from '../../tokens/hand-out-code.ts';
import { accountsAt } from '../account-at.ts';
import type { Io } from '../io.ts';
import { withApp } from '../open-app.ts';
import { print } from '../output/print.ts';
import { writePrivateFile } from '../output/private-file.ts';

export interface SheetOptions {
  readonly waiting?: true;
  readonly paper: 'A4' | 'Letter';
}

export function writeSheet(
  command: Command,
  io: Io,
  { file, users, waiting, paper }: SheetOptions & { readonly file: string; readonly users: readonly string[] },
): Promise<void> {
  return withApp(command, io, async (app) => {
    if ((waiting === true) === users.length > 0) {
      throw new AppError('usage-wrong', {
        complaint: waiting ? 'Name users or add --waiting, not both.' : 'Name users, or add --waiting.',
      });
    }
    const accounts = waiting ? await waitingAccounts(app) : await accountsAt(app, users);
    const codes = await handOutCodes(app, operator, accounts);
    const cards = accounts.flatMap((found) => {
      const code = codes.get(found.account.id);
      return code === undefined ? [] : [sheetCard(found, code)];
    });
    const blocked = accounts.filter(({ account }) => !codes.has(account.id)).map(addressOf);
    await writePrivateFile(file, [await sheetPdf(cards, { title: file, paper })]);
    print(command, io, { file, cards: cards.length, blocked }, () => {
      const made = `Wrote ${file} with ${cards.length === 1 ? 'one card' : `${cards.length} cards`}.\n`;
      return blocked.length === 0
        ? made
        : `${made}Without a card, because they are blocked or gone: ${blocked.join(', ')}.\n`;
    });
  });
}

/** Returns the accounts that no phone has been set up with yet, whether they have a code or not. */
async function waitingAccounts(app: App): Promise<AccountInSpace[]> {
  const accounts: AccountInSpace[] = [];
  for (const space of app.spaces.all) {
    let after = 0;
    for (let more = true; more; ) {
      const page = await listPage(app, { spaceId: space.id, filter: 'to-invite' }, { limit: 500, after });
      accounts.push(...page.listed.map(({ account }) => ({ account, space })));
      after = accounts.at(-1)?.account.id ?? 0;
      more = page.more;
    }
  }
  return accounts;
}
