import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { visibleText } from '../../errors/quote-text.ts';
import { AppError } from '../../errors.ts';
import { requireDatabase } from '../../instance-database.ts';
import { readTrouble } from '../../lib/file-trouble.ts';
import { checkDatabase } from '../checks.ts';
import { BadNews } from '../explain.ts';
import type { Io } from '../io.ts';
import { type LintReport, lintFile, lintInstallation, mergeReports } from '../lint-sources.ts';
import { settingsOf } from '../open-app.ts';
import { countWords, lintWords } from '../output/lint-words.ts';
import { jsonText, print, wantsJson } from '../output/print.ts';
import { sarif } from '../output/sarif.ts';

export interface LintOptions {
  readonly sarif?: boolean;
  readonly private?: boolean;
}

export async function lint(command: Command, io: Io, files: readonly string[], options: LintOptions): Promise<void> {
  if (options.sarif && wantsJson(command)) throw usage('--json and --sarif exclude each other: choose one.');
  if (options.private && files.length === 0) throw usage('--private needs a FILE.');
  const report = files.length === 0 ? await lintAll(command, io) : await lintFiles(files, options, io);
  if (options.sarif) io.out(`${jsonText(sarif(report.findings), 2)}\n`);
  else print(command, io, report, (screen) => lintWords(report, screen));
  if (report.findings.some(({ severity }) => severity === 'error')) {
    throw new BadNews(`${countWords(report.findings)}.`);
  }
}

async function lintAll(command: Command, io: Io): Promise<LintReport> {
  const settings = settingsOf(command, io);
  requireDatabase(settings);
  const { spaces, accounts, wrong } = await checkDatabase(settings);
  for (const each of wrong) io.err(`Note: the spaces and accounts are not checked: ${each}\n`);
  const report = await lintInstallation(settings.linphonerc, { spaces, accounts });
  if (report.files.length === 0) io.err('Note: neither the instance nor any space or account has a linphonerc yet.\n');
  return report;
}

async function lintFiles(files: readonly string[], options: LintOptions, io: Io): Promise<LintReport> {
  const audience = options.private ? 'account' : 'everybody';
  const reports: LintReport[] = [];
  for (const file of files) {
    const bytes = file === '-' ? Buffer.from(await io.readBytes()) : await readBytes(file);
    reports.push(await lintFile(file, bytes, audience));
  }
  return mergeReports(reports);
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw usage(`${visibleText(file)} cannot be read: ${readTrouble(cause)}.`, cause);
  }
}

function usage(complaint: string, cause?: unknown): AppError {
  return new AppError('usage-wrong', { complaint }, { cause });
}
