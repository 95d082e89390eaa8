import type { Spread } from './statistics.ts';

/** Returns a table with text in the first column and numbers in the others. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return line(head) + line(head.map((_, index) => (index === 0 ? '---' : '---:'))) + rows.map(line).join('');
}

/** Returns `min–median–max`. */
export function showSpread({ min, median, max }: Spread, digits = 2): string {
  return [min, median, max].map((each) => each.toFixed(digits)).join('–');
}

/** Returns the bounds of a value and whether it keeps them; empty if it has none. */
export function showTarget(value: number, { atLeast, atMost }: { atLeast?: number; atMost?: number }): string {
  const bars = [
    ...(atLeast === undefined ? [] : [{ text: `≥ ${atLeast}`, met: value >= atLeast }]),
    ...(atMost === undefined ? [] : [{ text: `≤ ${atMost}`, met: value <= atMost }]),
  ];
  return bars.map(({ text, met }) => (met ? text : `${text}, **missed**`)).join(', ');
}
