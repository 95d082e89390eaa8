import type { Command } from 'commander';

interface Manual {
  readonly examples: readonly string[];
  /** What `--json` prints. */
  readonly json?: string;
}

const manuals = new WeakMap<Command, Manual>();

/** Adds examples and a description of the `--json` output to a command, for its `--help` and for the manual. */
export function withManual(command: Command, manual: Manual): Command {
  manuals.set(command, manual);
  const examples = manual.examples.map((each) => `\n  ${each}`).join('');
  const json = manual.json === undefined ? '' : `\nWith --json: ${manual.json}\n`;
  return command.addHelpText('after', `${json}\n${manual.examples.length === 1 ? 'Example' : 'Examples'}:${examples}`);
}

export function manualOf(command: Command): Manual {
  return manuals.get(command) ?? { examples: [] };
}
