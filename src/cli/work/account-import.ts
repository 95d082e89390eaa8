import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { App } from '../../app.ts';
import { visibleText } from '../../errors/quote-text.ts';
import { AppError, storedError } from '../../errors.ts';
import { operator } from '../../events/actor.ts';
import { countWritten, type DuplicateMode, type Import, importRowsRefused } from '../../importing/import.ts';
import { hasDiscarded, importUntil } from '../../importing/import-and-wait.ts';
import { problemsOf } from '../../importing/look-at-import.ts';
import { templateLine } from '../../importing/open-table.ts';
import { type GeneratedPassword, passwordLines, resultLines } from '../../importing/result-lines.ts';
import { isUnderWay } from '../../importing/watch-import.ts';
import type { WrittenRow } from '../../importing/write-batch.ts';
import type { Space } from '../../spaces/space.ts';
import { importJson } from '../../views/import.ts';
import { spaceOf } from '../account-at.ts';
import { BadNews } from '../explain.ts';
import type { Io } from '../io.ts';
import { withApp } from '../open-app.ts';
import { print, table } from '../output/print.ts';
import { withPrivateFile } from '../output/private-file.ts';

export interface ImportOptions {
  readonly space?: string;
  readonly dryRun?: true;
  readonly onDuplicate: DuplicateMode;
  readonly partial?: true;
  readonly allowAdmin?: true;
  readonly invite?: true;
  readonly result?: string;
  readonly template?: true;
}

const tellEvery = 1_000;

/** Imports a table of accounts and prints the result. */
export async function importFile(
  command: Command,
  io: Io,
  file: string | undefined,
  options: ImportOptions,
): Promise<void> {
  if (options.template) return printTemplate(io, file);
  if (file === undefined) throw usage('Name a FILE, or - for standard input.');
  const content = file === '-' ? await io.readBytes() : await readFile(file);
  await withApp(command, io, async (app) => {
    const { found, rowsInFile, wasStopped } = await run(io, app, { name: file === '-' ? '' : file, content }, options);
    const problems = await problemsOf(app, found);
    print(command, io, importJson(found, problems), (screen) => {
      const rows = problems
        .map((problem) => importJson(found, [problem]).problems[0])
        .filter((each) => each !== undefined);
      const shown = rows.length === 0 ? '' : table(screen, rows, '');
      return `${shown}${cutMessages(shown, rows)}${inWords(found)}`;
    });
    if (wasStopped) throw new BadNews(`Interrupted: ${found.written} of ${rowsInFile} rows are in.`);
    requireSuccess(found, rowsInFile);
  });
}

function printTemplate(io: Io, file: string | undefined): void {
  if (file !== undefined)
    throw usage('--template reads no FILE. To write one: `./ringup account import --template > FILE`.');
  io.out(`${templateLine}\n`);
}

function usage(complaint: string): AppError {
  return new AppError('usage-wrong', { complaint });
}

const maxTold = 5;

/** Returns in full the messages that the table had to cut, because their ends say what to do. Each is printed once. */
function cutMessages(shown: string, rows: readonly { readonly message: string }[]): string {
  const cut = new Set(rows.map(({ message }) => message).filter((each) => !shown.includes(each)));
  return [...cut]
    .slice(0, maxTold)
    .map((each) => `${each}\n`)
    .join('');
}

interface NamedFile {
  /** The name of the file; empty for standard input. */
  readonly name: string;
  readonly content: Uint8Array;
}

type Generated = Map<number, GeneratedPassword>;

/** Imports the file, and writes the result where the options say. If the import fails, writes the passwords so far. */
function run(io: Io, app: App, file: NamedFile, options: ImportOptions) {
  const { result } = options;
  const space = spaceOf(app, options.space);
  const generated: Generated = new Map();
  const work = () => importInto(generated, { io, app, space }, file, options);
  if (result === undefined) return work();
  return withPrivateFile(result, async (write) => {
    try {
      const ended = await work();
      await write(resultLines(app, ended.found, generated));
      return ended;
    } catch (error) {
      if (generated.size > 0) {
        await write(passwordLines(space, generated.values()));
        io.err(`${result} has the passwords that were generated before the import failed.\n`);
      }
      throw error;
    }
  });
}

function importInto(
  generated: Generated,
  { io, app, space }: { readonly io: Io; readonly app: App; readonly space: Space },
  { name, content }: NamedFile,
  options: ImportOptions,
) {
  let told = 0;
  let count = 0;
  const onWritten = (rows: readonly WrittenRow[]): void => {
    for (const { row, password } of rows) {
      const username = row.fields?.username;
      if (password !== undefined && username !== undefined) generated.set(row.position, { username, password });
    }
    count += countWritten(rows);
    if (count - told < tellEvery) return;
    told = count;
    io.err(`${count} rows are in.\n`);
  };
  const wanted = {
    dryRun: options.dryRun ?? false,
    onDuplicate: options.onDuplicate,
    partial: options.partial ?? false,
    allowAdmin: options.allowAdmin ?? false,
    invite: options.invite ?? false,
  };
  const file = { content, name, options: wanted };
  return importUntil(app, operator, { space, file, onWritten }, io.interrupted());
}

function inWords({ counts, state, written, ignored, id }: Import): string {
  const { create, update, unchanged, skipped, refused } = counts;
  const numbers = `${create} new, ${update} changed, ${unchanged} unchanged, ${skipped} skipped, ${refused} refused`;
  const unused = ignored.length === 0 ? '' : `Not used: ${ignored.map(visibleText).join(', ')}\n`;
  const what = state !== 'done' && written === 0 ? 'Nothing was written' : `Import ${id}`;
  return `${what}: ${numbers}.\n${unused}`;
}

/** Throws unless all rows were checked or written. */
function requireSuccess(found: Import, rowsInFile: number): void {
  const { id, state, counts, written, rows, failure } = found;
  if (failure !== undefined) throw storedError(failure);
  if (state === 'refused') throw importRowsRefused(found);
  if (hasDiscarded({ found, rowsInFile }))
    throw new AppError('conflict', { why: 'import-discarded', id, written, rows: rowsInFile });
  if (isUnderWay(found)) throw new AppError('conflict', { why: 'import-elsewhere', id, written, rows });
  if (counts.refused > 0)
    throw new BadNews(`${counts.refused} ${counts.refused === 1 ? 'row was' : 'rows were'} refused.`);
}
