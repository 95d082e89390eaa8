import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import type { LintOptions } from '../work/lint.ts';

const work = () => import('../work/lint.ts');

export function registerLint(program: Command, io: Io): void {
  const command = program
    .command('lint [file...]')
    .description(
      'Checks linphonerc texts: says what is wrong, what the phone does with it, and how to fix it. Without FILE, checks ' +
        "the instance's linphonerc and those of all spaces and accounts. - is standard input. Exits with status 1 if there are errors.",
    )
    .option('--sarif', 'print SARIF 2.1.0, for editors and code hosts')
    .option('--private', 'the FILEs are not public, so they may contain secrets')
    .action(async (files: string[], options: LintOptions, command: Command) =>
      (await work()).lint(command, io, files, options),
    );
  withManual(command, {
    examples: ['./ringup lint', './ringup lint linphonerc --json', './ringup lint linphonerc --sarif'],
    json:
      '`{files, findings}`, each finding `{rule, severity, file, line, column, section, key, message, value, meant, effect, remedy}`; ' +
      '`section` and `key` only if the finding is about one',
  });
}
