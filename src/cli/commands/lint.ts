import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { AppError } from '../../errors.ts';
import { checkDatabase } from '../checks.ts';
import { BadNews } from '../explain.ts';
import type { Io } from '../io.ts';
import { type LintReport, lintFile, lintInstallation, mergeReports } from '../lint-sources.ts';
import { withManual } from '../manual.ts';
import { settingsOf } from '../open-app.ts';
import { countWords, lintWords } from '../output/lint-words.ts';
import { print, wantsJson } from '../output/print.ts';
import { sarif } from '../output/sarif.ts';

interface Options {
  readonly sarif?: boolean;
  readonly private?: boolean;
}

export function registerLint(program: Command, io: Io): void {
  const command = program
    .command('lint [file...]')
    .description(
      'Checks linphonerc texts: says what is wrong, what the phone does with it, and how to fix it. Without FILE, checks ' +
        "the instance's linphonerc and those of all spaces. - is standard input. Exits with status 1 if there are errors.",
    )
    .option('--sarif', 'print SARIF 2.1.0, for editors and code hosts')
    .option('--private', 'the FILEs are not public, so they may contain secrets')
    .action(async (files: string[], options: Options, command: Command) => {
      if (options.sarif && wantsJson(command)) throw usage('--json and --sarif exclude each other: choose one.');
      if (options.private && files.length === 0) throw usage('--private needs a FILE.');
      const report = files.length === 0 ? await lintAll(command, io) : await lintFiles(files, options, io);
      if (options.sarif) io.out(`${JSON.stringify(sarif(report.findings), null, 2)}\n`);
      else print(command, io, report, () => lintWords(report));
      if (report.findings.some(({ severity }) => severity === 'error')) {
        throw new BadNews(`${countWords(report.findings)}.`);
      }
    });
  withManual(command, {
    examples: ['ringup lint', 'ringup lint linphonerc --json', 'ringup lint linphonerc --sarif'],
    json:
      '`{files, findings}`, each finding `{rule, severity, file, line, column, section, key, message, effect, remedy}`; ' +
      '`section` and `key` only if the finding is about one',
  });
}

async function lintAll(command: Command, io: Io): Promise<LintReport> {
  const settings = settingsOf(command, io);
  const { spaces, wrong } = await checkDatabase(settings);
  for (const each of wrong) io.err(`Note: the spaces are not checked: ${each}\n`);
  const report = await lintInstallation(settings.linphonerc, spaces);
  if (report.files.length === 0) io.err('Note: neither the instance nor any space has a linphonerc yet.\n');
  return report;
}

async function lintFiles(files: readonly string[], options: Options, io: Io): Promise<LintReport> {
  const audience = options.private ? 'account' : 'everybody';
  const reports: LintReport[] = [];
  for (const file of files) {
    const bytes = file === '-' ? Buffer.from(await io.readInput()) : await readBytes(file);
    reports.push(await lintFile(file, bytes, audience));
  }
  return mergeReports(reports);
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw usage(`${file} cannot be read: ${reason}.`, cause);
  }
}

function usage(complaint: string, cause?: unknown): AppError {
  return new AppError('usage-wrong', { complaint }, { cause });
}
