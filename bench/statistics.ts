/** Returns the smallest value that at least the share `rank` (0–1) of all values does not exceed. */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * rank) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const [lower, upper] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return ((lower ?? Number.NaN) + (upper ?? Number.NaN)) / 2;
}

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return { min: Math.min(...values), median: median(values), max: Math.max(...values) };
}

/** Divides the values of two things measured in the same rounds, round by round. */
export function ratios<T>(above: readonly T[], below: readonly T[], value: (each: T) => number): Spread {
  return spreadOf(
    above.flatMap((each, index) => {
      const other = below[index];
      return other === undefined ? [] : [value(each) / value(other)];
    }),
  );
}
