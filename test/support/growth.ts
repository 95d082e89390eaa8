import assert from 'node:assert/strict';

const rounds = 5;
const attempts = 3;
/** The system counts processor time in ticks of up to 10 ms, so a measurement must take several. */
const measuredMs = 60;
/** If this many runs take less than `measuredMs`, growth does not matter. */
const maxRuns = 50;
/** The large input is so many times larger, which leaves room for slower caches between a linear cost and a square. */
const factor = 16;
/**
 * A square costs 256 times as much. A line costs 16 times, and up to six times that where the compiler optimizes the
 * many short runs better than the few long ones.
 */
const maxGrowth = 128;

/**
 * Fails where the time that `run` takes grows faster than its input: what `make` makes of `size`, and of a sixteenth of
 * it. Counts the processor time of this process, in medians, so that neither other processes nor the compiler matter.
 */
export function assertGrowsLinearly<Input>(
  make: (size: number) => Input,
  run: (input: Input) => unknown,
  size: number,
  what = '',
): void {
  const [small, large] = [make(Math.floor(size / factor)), make(size)];
  let told = '';
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const runs = runsFor(() => run(large));
    if (runs === undefined) return;
    const times = Array.from(
      { length: rounds },
      () => [cpuMs(() => run(small), runs * factor) / factor, cpuMs(() => run(large), runs)] as const,
    );
    const [short, long] = [median(times.map(([first]) => first)), median(times.map(([, second]) => second))];
    if (long <= maxGrowth * short) return;
    told = `${what}: ${short} ms for a sixteenth, ${long} ms for the whole, each ${runs} times`;
  }
  assert.fail(told);
}

/** Returns how many runs take long enough to measure, or undefined if even `maxRuns` do not. */
function runsFor(run: () => unknown): number | undefined {
  for (let runs = 1; runs <= maxRuns; runs *= 2) if (cpuMs(run, runs) >= measuredMs) return runs;
  return undefined;
}

function cpuMs(run: () => unknown, runs: number): number {
  const before = process.cpuUsage();
  for (let count = 0; count < runs; count += 1) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
