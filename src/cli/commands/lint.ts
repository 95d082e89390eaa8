import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { AppError } from '../../errors.ts';
import { formatMistake, lintLinphonerc, type Mistake } from '../../lpconfig/read-linphonerc.ts';
import { BadNews } from '../explain.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { print } from '../print.ts';

export function registerLint(program: Command, io: Io): void {
  const command = program
    .command('lint <file>')
    .description('Says what is wrong with a linphonerc, and what is odd about it; - reads standard input.')
    .action(async (file: string, _options: unknown, command: Command) => {
      const found = lintLinphonerc(file === '-' ? Buffer.from(await io.readInput()) : await readBytes(file));
      const of = (severity: Mistake['severity']) =>
        found.filter((each) => each.severity === severity).map(({ severity: _, ...rest }) => rest);
      const [mistakes, warnings] = [of('error'), of('warning')];
      print(command, io, { file, mistakes, warnings }, () => inWords(file, found));
      if (mistakes.length > 0) throw new BadNews(`${file} cannot be used: ${count(mistakes, 'mistake')}.`);
    });
  withManual(command, {
    examples: ['ringup lint linphonerc'],
    json: '`{file, mistakes, warnings}`, each mistake `{line, column, message, text}`',
  });
}

function inWords(file: string, found: readonly Mistake[]): string {
  if (found.length === 0) return `${file}: nothing is wrong.\n`;
  const line = (each: Mistake) =>
    each.severity === 'error'
      ? formatMistake(file, each)
      : formatMistake(file, { ...each, message: `warning: ${each.message}` });
  return found.map((each) => `${line(each)}\n`).join('');
}

function count(things: readonly unknown[], name: string): string {
  return `${things.length} ${name}${things.length === 1 ? '' : 's'}`;
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('not-found', `${file} cannot be read: ${reason}.`, { cause });
  }
}
