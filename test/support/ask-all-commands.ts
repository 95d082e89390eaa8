import { runCli } from '../../src/cli/cli.ts';
import { commands } from './commands.ts';

// Runs the help of each command, and each command with a wrong option, all in one process.
const io = {
  environment: {},
  colour: false,
  isTerminal: false,
  out: () => {},
  err: () => {},
  readInput: async () => '',
  readBytes: async () => new Uint8Array(),
  interrupted: async () => {},
};
const statuses = new Set<number>();
for (const { words } of commands) {
  for (const option of ['--help', '--no-such-option']) statuses.add(await runCli([...words.split(' '), option], io));
}
// 0 for the help, 2 for wrong usage. With any other status, the command itself ran.
if ([...statuses].sort().join() !== '0,2') throw new Error(`a command ran: ${[...statuses]}`);
