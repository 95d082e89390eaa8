import type { Command } from 'commander';
import { AppError } from '../errors.ts';
import type { Io } from './io.ts';

export interface YesOption {
  readonly yes?: true;
}

export function withYesOption(command: Command): Command {
  return command.option('--yes', 'do not ask first; required without a terminal');
}

/**
 * Asks the person at the terminal before something that cannot be undone. Throws unless the answer or `--yes` allows
 * it.
 */
export async function confirm(io: Io, { yes }: YesOption, question: string): Promise<void> {
  if (yes) return;
  if (io.ask === undefined) throw new AppError('conflict', { why: 'not-confirmed' });
  const answer = await io.ask(`${question} [y/N] `);
  const allows = /^y(es)?$/i.test(answer.trim());
  if (!allows) throw new AppError('conflict', { why: 'declined' });
}
