import type { Command } from 'commander';
import { wrapLines } from '../lib/text-width.ts';

interface Manual {
  readonly examples: readonly string[];
  /** A description of the output of `--json`. */
  readonly json?: string;
  /** The possible keys of `KEY=VALUE` words, and the page of the manual that describes them. */
  readonly keys?: { readonly names: readonly string[]; readonly page: string };
}

const manuals = new WeakMap<Command, Manual>();

/** Adds examples and a description of the `--json` output to a command, for its `--help` and for the manual. */
export function withManual(command: Command, manual: Manual): Command {
  manuals.set(command, manual);
  return command.addHelpText('after', () => {
    const width = command.configureOutput().getOutHelpWidth?.() ?? 0;
    const examples = manual.examples.map((each) => `\n${exampleLines(each, width)}`).join('');
    const json = manual.json === undefined ? '' : `\n${wrapLines(`With --json: ${manual.json}.`, width)}\n`;
    const keys = manual.keys === undefined ? '' : `\n${wrapLines(keysLine(manual.keys), width, 2)}\n`;
    return `${keys}${json}\n${manual.examples.length === 1 ? 'Example' : 'Examples'}:${examples}`;
  });
}

function keysLine({ names, page }: NonNullable<Manual['keys']>): string {
  return `Keys, described in ${page}: ${names.join(', ')}.`;
}

/** Continues a long example on the next line, with a backslash as in a shell, so that it can be copied. */
function exampleLines(example: string, width: number): string {
  return wrapLines(`  ${example}`, width - 2, 4).replaceAll('\n', ' \\\n');
}

export function manualOf(command: Command): Manual {
  return manuals.get(command) ?? { examples: [] };
}
