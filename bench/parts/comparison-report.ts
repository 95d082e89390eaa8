import type { Bench } from '../bench.ts';
import { showSpread, showTarget, table } from '../markdown.ts';
import { median, ratios } from '../statistics.ts';
import type { Comparison } from './compare.ts';
import type { Turn } from './take-turns.ts';

type Value = (turn: Turn) => number;
const perSecond: Value = (turn) => turn.perSecond;
const cpuMs: Value = (turn) => turn.cpuMs;

/** Less than this share of the other version's speed is a regression. */
const leastOfOther = 0.95;

/** Returns the report. `targets`: whether it shows the bounds, which apply to one database only. */
export function comparisonReport(comparisons: readonly Comparison[], { versions }: Bench, targets: boolean): string {
  const tables = [
    againstBare(
      comparisons,
      versions.map(({ name }) => name),
      targets,
    ),
    againstEachOther(comparisons),
    ...(versions[1] === undefined ? [] : [againstVersion(comparisons, versions[1].name)]),
  ];
  return tables.filter((each) => each !== '').join('\n');
}

function againstBare(comparisons: readonly Comparison[], names: readonly string[], targets: boolean): string {
  const head = [
    'request',
    'requests/s, of bare',
    'to reach',
    'CPU, of bare',
    'to reach',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'CPU ms/request',
    'bare',
    'generator busy',
  ];
  const rows = comparisons.flatMap(({ scenario, bare, versions }) =>
    versions.map((turns, index) => {
      const { name, atLeast, atMostCpu } = targets && index === 0 ? scenario : { name: scenario.name };
      const rate = ratios(turns, bare, perSecond);
      const cpu = ratios(turns, bare, cpuMs);
      const middle = (value: Value, of = turns) => median(of.map(value));
      return [
        names.length === 1 ? name : `${name}, ${names[index]}`,
        showSpread(rate),
        showTarget(rate.median, atLeast === undefined ? {} : { atLeast }),
        showSpread(cpu, 1),
        showTarget(cpu.median, atMostCpu === undefined ? {} : { atMost: atMostCpu }),
        middle(perSecond).toFixed(0),
        middle((turn) => turn.p50).toFixed(2),
        middle((turn) => turn.p99).toFixed(2),
        middle(cpuMs).toFixed(4),
        middle(cpuMs, [...bare]).toFixed(4),
        `${Math.round(middle((turn) => turn.generatorLoad) * 100)} %`,
      ];
    }),
  );
  return table(head, rows);
}

/** Compares two scenarios of this version that were measured in the same rounds. */
function againstEachOther(comparisons: readonly Comparison[]): string {
  const rows = comparisons.flatMap(({ scenario, versions: [turns] }) => {
    const other = comparisons.find((each) => each.scenario.name === scenario.notSlowerThan);
    const [others] = other?.versions ?? [];
    if (turns === undefined || other === undefined || others === undefined) return [];
    const rate = ratios(turns, others, perSecond);
    return [
      [
        `${scenario.name} / ${other.scenario.name}`,
        showSpread(rate),
        showTarget(rate.median, { atLeast: 1 }),
        showSpread(ratios(turns, others, cpuMs)),
      ],
    ];
  });
  return rows.length === 0 ? '' : table(['in the same rounds', 'requests/s', 'to reach', 'CPU'], rows);
}

function againstVersion(comparisons: readonly Comparison[], other: string): string {
  const rows = comparisons.flatMap(({ scenario, versions: [own, others] }) => {
    if (own === undefined || others === undefined) return [];
    const rate = ratios(own, others, perSecond);
    const cpu = ratios(own, others, cpuMs);
    const target = scenario.countsByRate
      ? showTarget(rate.median, { atLeast: leastOfOther })
      : showTarget(cpu.median, { atMost: Number((1 / leastOfOther).toFixed(2)) });
    return [[scenario.name, showSpread(rate), showSpread(cpu), `${scenario.countsByRate ? 'rate' : 'CPU'} ${target}`]];
  });
  return table([`this version / ${other}`, 'requests/s', 'CPU/request', 'to reach'], rows);
}
