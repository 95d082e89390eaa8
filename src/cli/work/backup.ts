import { resolve } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../../app.ts';
import { backupDatabase, type DatabaseCopy, type RestoredDatabase, restoreDatabase } from '../../instance-database.ts';
import { confirm, type YesOption } from '../confirm.ts';
import type { Io } from '../io.ts';
import { settingsOf } from '../open-app.ts';
import { counted } from '../output/counted.ts';
import { localTime } from '../output/local-time.ts';
import { print } from '../output/print.ts';

export async function backup(command: Command, io: Io, file: string): Promise<void> {
  const copy = await backupDatabase(settingsOf(command, io), resolve(file), systemClock());
  print(command, io, copy, () => copiedInWords(copy));
}

export async function restore(command: Command, io: Io, file: string, options: YesOption): Promise<void> {
  const ask = () => confirm(io, options, `${undone}\nRestore it?`);
  const restored = await restoreDatabase(settingsOf(command, io), resolve(file), {
    now: systemClock(),
    confirm: ask,
  });
  const { bytes, accounts } = restored;
  print(command, io, { file: restored.file, bytes, accounts }, () => restoredInWords(restored));
}

const undone = 'Passwords, blocks, and revoked devices and keys will be as they were when the copy was made.';

function copiedInWords({ file, bytes, accounts }: DatabaseCopy): string {
  return `Copied ${counted(accounts, 'account')} to ${file} (${bytes} bytes).\nCopy the instance's linphonerc, the hooks, the settings and the file \`secret\` too: they are not part of it.\n`;
}

function restoredInWords({ file, accounts, kept, until, ...ended }: RestoredDatabase): string {
  const before = kept === undefined ? '' : `The previous database is kept: ${kept}\n`;
  const since = until === undefined ? '' : ` The last event in the copy is of ${localTime(until)}.`;
  return (
    `Restored ${counted(accounts, 'account')} from ${file}.\n${before}` +
    `Ended in the copy: ${counted(ended.endedTokens, 'open code')}, ${counted(ended.endedKeys, 'API key')} of users, ` +
    `${counted(ended.endedImports, 'unfinished import')}, ${counted(ended.endedMails, 'waiting mail')}.\n` +
    `Passwords, blocks, and revoked devices and keys are as they were when the copy was made: repeat the changes since then.${since}\n` +
    "The instance's linphonerc, the hooks, the settings and the file `secret` are as they were: they are not part of the copy.\n"
  );
}
