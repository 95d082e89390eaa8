import type { Command } from 'commander';
import { withoutControls } from '../../errors/quote-text.ts';
import type { Io } from '../io.ts';

type Cell = string | number | boolean | null | readonly (string | number)[];

export function wantsJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true;
}

/** Prints the result of a command: one JSON value with `--json`, otherwise text. */
export function print(command: Command, io: Io, value: unknown, words: () => string): void {
  io.out(wantsJson(command) ? `${JSON.stringify(value)}\n` : words());
}

/** Yields the pages as one JSON array, piece by piece: there may be a million accounts. */
export async function* jsonArray(pages: AsyncIterable<readonly unknown[]>): AsyncGenerator<string> {
  let before = '[';
  for await (const page of pages) {
    yield before + page.map((each) => JSON.stringify(each)).join(',');
    before = ',';
  }
  yield before === '[' ? '[]\n' : ']\n';
}

/** Returns one `name  value` line for each field. */
export function record(fields: Readonly<Record<string, Cell>>): string {
  const width = Math.max(0, ...Object.keys(fields).map((name) => name.length));
  return Object.entries(fields)
    .map(([name, value]) => `${name.padEnd(width)}  ${cell(value).replaceAll('\n', `\n${' '.repeat(width + 2)}`)}\n`)
    .join('');
}

/** Returns the rows in columns under their headings, or `empty` if there are no rows. */
export function table(rows: readonly Readonly<Record<string, Cell>>[], empty: string): string {
  const [first] = rows;
  if (first === undefined) return `${empty}\n`;
  const names = Object.keys(first);
  const lines = [names, ...rows.map((row) => names.map((name) => cell(row[name] ?? null).replaceAll('\n', ' ')))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map(
      (line) =>
        `${line
          .map((text, column) => text.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** Callers handle line breaks. */
function cell(value: Cell): string {
  if (value === null || value === '') return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object') return value.length === 0 ? '-' : withoutControls(value.join(', '));
  return withoutControls(String(value));
}
