import type { Command } from 'commander';
import { buildProgram } from '../../src/cli/cli.ts';

const program = await buildProgram({
  environment: {},
  colour: false,
  isTerminal: false,
  out: () => {},
  err: () => {},
  readInput: async () => '',
  readBytes: async () => new Uint8Array(),
  interrupted: async () => {},
});

/** Every command with its words, such as `account add`. */
export const commands: readonly { readonly words: string; readonly command: Command }[] = leaves(program);

function leaves(command: Command, before: readonly string[] = []): { words: string; command: Command }[] {
  return command.commands.flatMap((each) => {
    const words = [...before, each.name()];
    return each.commands.length > 0 ? leaves(each, words) : [{ words: words.join(' '), command: each }];
  });
}
