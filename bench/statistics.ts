/** The value that the share `rank` (0–1) of all values does not exceed. */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * rank) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** What tells two samples apart, by the test of Mann and Whitney. */
export interface RankTest {
  /** The chance that a value of the first sample exceeds one of the second; 0.5: neither tells anything. */
  readonly exceeds: number;
  /** Two-sided: how likely samples of one and the same source differ by as much. */
  readonly p: number;
}

/** By the normal approximation with its correction for ties: for samples of hundreds and more. */
export function rankTest(first: readonly number[], second: readonly number[]): RankTest {
  const all = [...first.map((value) => ({ value, own: 1 })), ...second.map((value) => ({ value, own: 0 }))];
  all.sort((a, b) => a.value - b.value);
  let rankSum = 0;
  let ties = 0;
  for (let start = 0; start < all.length; ) {
    let end = start;
    let own = 0;
    while (all[end]?.value === all[start]?.value) own += all[end++]?.own ?? 0;
    const size = end - start;
    rankSum += own * ((start + 1 + end) / 2);
    ties += size ** 3 - size;
    start = end;
  }
  const [m, n, total] = [first.length, second.length, all.length];
  const u = rankSum - (m * (m + 1)) / 2;
  const deviation = Math.sqrt(((m * n) / 12) * (total + 1 - ties / (total * (total - 1))));
  return { exceeds: u / (m * n), p: 2 * (1 - normal(Math.abs(u - (m * n) / 2) / deviation)) };
}

/** The distribution function of the normal distribution, by Abramowitz and Stegun 26.2.17. */
function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const tail = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail;
}
