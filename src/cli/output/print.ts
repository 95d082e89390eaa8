import type { Command } from 'commander';
import { escapeControls, textForTerminal, withoutControls } from '../../errors/quote-text.ts';
import { cutText, padText, textWidth, wrapLines } from '../../lib/text-width.ts';
import type { Io } from '../io.ts';
import { localTime } from './local-time.ts';

type Cell = string | number | boolean | null | Date | readonly (string | number)[];

/** The space that a table may take. */
export interface Screen {
  readonly width: number;
}

const usualWidth = 80;
const gap = '  ';

/** Returns the width of the terminal or, without a terminal, the value of COLUMNS. */
export function widthOf({ columns, environment }: Pick<Io, 'columns' | 'environment'>): number {
  if (columns !== undefined) return columns;
  return /^[1-9]\d{0,4}$/.test(environment.COLUMNS ?? '') ? Number(environment.COLUMNS) : usualWidth;
}

export function screenOf(command: Command, io: Io): Screen {
  const { wide } = command.optsWithGlobals<{ wide?: true }>();
  return { width: wide ? Number.POSITIVE_INFINITY : widthOf(io) };
}

export function wantsJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true;
}

/**
 * Prints the result of a command: one JSON value with `--json`, otherwise text with its lines wrapped on a terminal.
 */
export function print(command: Command, io: Io, value: unknown, words: (screen: Screen) => string): void {
  if (wantsJson(command)) io.out(`${jsonText(value)}\n`);
  else say(command, io, words(screenOf(command, io)));
}

/**
 * Prints text. A terminal wraps long lines between words, except with `--wide`. Programs find each sentence on one
 * line.
 */
export function say(command: Command, io: Io, text: string): void {
  printUnwrapped(io, io.columns === undefined ? text : wrapLines(text, screenOf(command, io).width));
}

/** Prints a text unwrapped, so that it can be saved to a file. At a terminal, its control characters are visible. */
export function printUnwrapped(io: Pick<Io, 'isTerminal' | 'out'>, text: string): void {
  io.out(io.isTerminal ? textForTerminal(text) : text);
}

/** Returns JSON that can be shown at a terminal. */
export function jsonText(value: unknown, indent?: number): string {
  return escapeControls(JSON.stringify(value, null, indent));
}

/** Yields the pages as one JSON array, piece by piece, because there may be a million accounts. */
export async function* jsonArray(pages: AsyncIterable<readonly unknown[]>): AsyncGenerator<string> {
  let before = '[';
  for await (const page of pages) {
    yield before + page.map((each) => jsonText(each)).join(',');
    before = ',';
  }
  yield before === '[' ? '[]\n' : ']\n';
}

/** Returns one `name  value` line for each field. Values of fields called `…_at` are times. */
export function record({ width }: Screen, fields: Readonly<Record<string, Cell>>): string {
  const indent = Math.max(0, ...Object.keys(fields).map((name) => name.length)) + gap.length;
  return Object.entries(fields)
    .map(([name, value]) => {
      const shown = name.endsWith('_at') && typeof value === 'string' ? new Date(value) : value;
      return `${name.padEnd(indent)}${wrapLines(cell(shown).trimEnd(), width - indent, 0).replaceAll('\n', `\n${' '.repeat(indent)}`)}\n`;
    })
    .join('');
}

/** Returns the rows in columns under their headings, or `empty` if there are no rows. Cuts cells that do not fit. */
export function table({ width }: Screen, rows: readonly Readonly<Record<string, Cell>>[], empty: string): string {
  const [first] = rows;
  if (first === undefined) return `${empty}\n`;
  const names = Object.keys(first);
  const lines = [names, ...rows.map((row) => names.map((name) => cell(row[name] ?? null).replaceAll('\n', ' ')))];
  // As arguments of one call of `Math.max`, a hundred thousand rows would overflow the stack.
  const natural = names.map((_, column) =>
    lines.reduce((widest, line) => Math.max(widest, textWidth(line[column] ?? '')), 0),
  );
  const firm = names.map((name) => rows.every((row) => isFirm(row[name] ?? null)));
  const widths = fitted(natural, firm, width - gap.length * (names.length - 1));
  return lines
    .map((line) => {
      const cells = line.map((text, column) => {
        const columnWidth = widths[column] ?? 0;
        return padText(cutText(text, columnWidth), columnWidth);
      });
      return `${cells.join(gap).trimEnd()}\n`;
    })
    .join('');
}

/** Returns whether a value must not be cut: a time or number would then mean something else. */
function isFirm(value: Cell): boolean {
  return value === null || typeof value !== 'string';
}

/** Narrows the widest columns until all fit. Columns with times and numbers are narrowed last. */
function fitted(natural: readonly number[], firm: readonly boolean[], room: number): number[] {
  const widths = [...natural];
  for (const mayCut of [(column: number) => firm[column] !== true, () => true]) {
    while (widths.reduce((sum, each) => sum + each, 0) > room) {
      const widest = widths.reduce(
        (best, each, column) => (mayCut(column) && each > Math.max(1, widths[best] ?? 0) ? column : best),
        -1,
      );
      if (widest === -1) break;
      widths[widest] = (widths[widest] ?? 0) - 1;
    }
  }
  return widths;
}

function cell(value: Cell): string {
  if (value === null || value === '') return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value instanceof Date) return localTime(value);
  if (typeof value === 'object') return value.length === 0 ? '-' : withoutControls(value.join(', '));
  return withoutControls(String(value));
}
