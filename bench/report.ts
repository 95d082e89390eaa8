import { cpus, totalmem } from 'node:os';
import type { Comparison } from './compare.ts';
import type { LookUps } from './look-up.ts';
import type { Memory } from './memory.ts';
import type { StartTimes } from './start-time.ts';

/** Markdown, as it stands in this folder's README. */
export function machineReport(fsync: { p50: number; p99: number }): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `Node.js ${process.versions.node}, ${process.platform}, ${cpus().length} cores (${first?.model.trim()}), ${memory} GiB. One fsync (4 KiB more of a file): p50 ${fsync.p50.toFixed(2)} ms, p99 ${fsync.p99.toFixed(2)} ms.\n`;
}

export function comparisonReport(comparisons: readonly Comparison[]): string {
  return table(
    [
      'request',
      'requests/s',
      'bare node:http',
      'ratio',
      'to reach',
      'p50 ms',
      'p99 ms',
      'CPU ms/request',
      'bare',
      'generator busy',
    ],
    comparisons.map(({ scenario, ringup, reference, ratio }) => [
      scenario.name,
      ringup.perSecond.toFixed(0),
      reference.perSecond.toFixed(0),
      ratio.toFixed(2),
      scenario.atLeast === undefined ? `${scenario.atMostCpuMs} ms CPU` : `≥ ${scenario.atLeast.toFixed(2)}`,
      ringup.p50.toFixed(2),
      ringup.p99.toFixed(2),
      ringup.cpuMs.toFixed(3),
      reference.cpuMs.toFixed(3),
      `${Math.round(ringup.generatorLoad * 100)} %, ${Math.round(reference.generatorLoad * 100)} %`,
    ]),
  );
}

export function startReport({ fresh, again }: StartTimes): string {
  return `Start to first answer: ${fresh.toFixed(2)} s on an empty data directory, ${again.toFixed(2)} s on one that is there (to reach: 0.50 s).\n`;
}

export function lookUpReport(lookUps: readonly LookUps[]): string {
  const smallest = lookUps[0]?.p50 ?? Number.NaN;
  const rows = lookUps.map(({ accounts, p50, rounds }) => [
    accounts.toLocaleString('en'),
    p50.toFixed(1),
    (p50 / smallest).toFixed(2),
    rounds.map((each) => each.toFixed(1)).join(', '),
  ]);
  return table(['accounts', 'p50 of finding a token, µs', 'ratio (to reach: ≤ 1.50)', 'each round'], rows);
}

export function memoryReport(samples: readonly Memory[]): string {
  const rows = samples.map(({ requests, all, files }) => [
    requests.toLocaleString('en'),
    all.toFixed(0),
    files.toFixed(0),
  ]);
  return table(['requests', 'resident MB (to reach: ≤ 200)', 'of these mapped files'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return line(head) + line(head.map((_, index) => (index === 0 ? '---' : '---:'))) + rows.map(line).join('');
}
