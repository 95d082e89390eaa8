import assert from 'node:assert/strict';

const rounds = 5;
const attempts = 3;
/** What costs less is not worth a question, and too short to be measured. */
const negligibleMs = 2;
/** Twice the input may take three times the time, hence four times the input nine times. */
const maxGrowth = 9;

/**
 * Fails where the time that `run` takes grows faster than its input: what `make` makes of `size`, and of a quarter of it.
 * Counts the processor time of this thread, in medians, so that neither other processes nor the compiler matter.
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
    const [short, long] = [median(times.map(([first]) => first)), median(times.map(([, second]) => second))];
    if (long < negligibleMs || long <= maxGrowth * short) return;
    told = `${what}: ${short} ms for a quarter, ${long} ms for the whole`;
  }
  assert.fail(told);
}

function cpuMs(run: () => unknown): number {
  const before = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
