import type { Command } from 'commander';
import { allAccounts } from '../../administration/account-list.ts';
import type { App } from '../../app.ts';
import { exportAccounts } from '../../importing/export-accounts.ts';
import { spaceOf } from '../account-at.ts';
import type { Io } from '../io.ts';
import { withApp } from '../open-app.ts';
import { counted } from '../output/counted.ts';
import { print } from '../output/print.ts';
import { writePrivateFile } from '../output/private-file.ts';

export interface ExportOptions {
  readonly space?: string;
  readonly ha1?: boolean;
}

/** Writes the accounts of a space as a table, either to a file that only its owner can read or to standard output. */
export function exportTable(command: Command, io: Io, file: string | undefined, options: ExportOptions): Promise<void> {
  return withApp(command, io, async (app) => {
    if (file === undefined) {
      for await (const { text } of pages(app, options)) io.out(text);
      return;
    }
    let count = 0;
    async function* texts() {
      for await (const { text, accounts } of pages(app, options)) {
        count += accounts;
        yield text;
      }
    }
    await writePrivateFile(file, texts());
    print(command, io, { file, accounts: count }, () => `Wrote ${counted(count, 'account')} to ${file}.\n`);
  });
}

function pages(app: App, { space, ha1 = false }: ExportOptions) {
  const { id } = spaceOf(app, space);
  return exportAccounts(allAccounts(app, { spaceIds: [id] }), { ha1 });
}
