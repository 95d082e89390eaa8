const day = 86_400_000;
const unitLengths = new Map([
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', day],
  ['w', 7 * day],
]);
const maxDurationMs = 36_525 * day;

/**
 * Returns `90s`, `15m`, `1h`, `7d`, `2w` or `0` in milliseconds. Returns undefined for any other text and beyond 100
 * years. `0m` is refused, because `0` often means forever, and a script that computed it does not.
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const [, digits = '', unit = ''] = /^(\d{1,10})([smhdw])$/.exec(text) ?? [];
  const milliseconds = Number(digits) * (unitLengths.get(unit) ?? Number.NaN);
  return milliseconds > 0 && milliseconds <= maxDurationMs ? milliseconds : undefined;
}

/** Returns whole seconds in the largest unit up to days that divides them, so that `7d` is shown as entered. */
export function formatDuration(milliseconds: number): string {
  const rounded = Math.max(0, Math.round(milliseconds / 1000)) * 1000;
  if (rounded === 0) return '0';
  const unit = ['d', 'h', 'm'].find((name) => rounded % (unitLengths.get(name) ?? 1) === 0) ?? 's';
  return `${rounded / (unitLengths.get(unit) ?? 1)}${unit}`;
}
