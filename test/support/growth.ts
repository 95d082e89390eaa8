import assert from 'node:assert/strict';

const rounds = 7;
const attempts = 3;
/** What costs less is not worth a question. */
const negligibleMs = 2;
/** Twice the input may take three times the time, hence four times the input nine times. */
const maxGrowth = 9;

/**
 * Fails where the time that `run` takes grows faster than its input: what `make` makes of `size`, and of a quarter of it.
 * Counts the processor time of this process, as other processes must not matter, and of several rounds the shortest, as the
 * compiler and the collector of garbage must not either. Not that of the thread: Linux counts it in steps of a millisecond.
 */
export function assertGrowsLinearly<Input>(
  make: (size: number) => Input,
  run: (input: Input) => unknown,
  size: number,
  what = '',
): void {
  const [small, large] = [make(Math.floor(size / 4)), make(size)];
  let told = '';
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const times = Array.from({ length: rounds }, () => [cpuMs(() => run(small)), cpuMs(() => run(large))] as const);
    const short = Math.min(...times.map(([first]) => first));
    const long = Math.min(...times.map(([, second]) => second));
    if (long < negligibleMs || long <= maxGrowth * short) return;
    told = `${what}: ${short} ms for a quarter, ${long} ms for the whole`;
  }
  assert.fail(told);
}

function cpuMs(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
