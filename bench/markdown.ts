import type { Spread } from './statistics.ts';

/** A table whose first column is text and whose other columns are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return line(head) + line(head.map((_, index) => (index === 0 ? '---' : '---:'))) + rows.map(line).join('');
}

/** `min–median–max`. */
export function showSpread({ min, median, max }: Spread, digits = 2): string {
  return [min, median, max].map((each) => each.toFixed(digits)).join('–');
}

/** A bar that a value should reach or stay below, and whether it does; empty where there is none. */
export function showTarget(value: number, { atLeast, atMost }: { atLeast?: number; atMost?: number }): string {
  const bars = [
    ...(atLeast === undefined ? [] : [{ text: `≥ ${atLeast}`, met: value >= atLeast }]),
    ...(atMost === undefined ? [] : [{ text: `≤ ${atMost}`, met: value <= atMost }]),
  ];
  return bars.map(({ text, met }) => (met ? text : `${text}, **missed**`)).join(', ');
}
