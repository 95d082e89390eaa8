import { findProgram } from '../test/support/find-program.ts';
import type { Bench } from './bench.ts';
import { type Postgres, startPostgres } from './installation/postgres.ts';
import { measureNeighbours } from './neighbours/measure.ts';
import { measureCommands } from './parts/commands.ts';
import { type Comparison, compare } from './parts/compare.ts';
import { comparisonReport } from './parts/comparison-report.ts';
import { measureLookUps } from './parts/look-up.ts';
import { measureMemory } from './parts/memory.ts';
import { measurePages } from './parts/pages.ts';
import { scenarioGroups } from './parts/scenarios.ts';
import { measureStarts } from './parts/start.ts';

/** Measures the parts that the command line names. Prints each report as soon as it is complete. */
export async function runParts(bench: Bench): Promise<void> {
  const { options, print } = bench;
  const { wantsPart } = options;
  if (wantsPart('sqlite')) print(await compareAll(bench, undefined));
  if (wantsPart('start')) print(await measureStarts(bench));
  if (wantsPart('commands')) print(await measureCommands(bench));
  if (wantsPart('look-up')) print(await measureLookUps(bench));
  if (wantsPart('memory')) print(await measureMemory(bench));
  if (wantsPart('pages')) print(`On SQLite:\n\n${await measurePages(bench, undefined)}`);
  if (wantsPart('neighbours')) print(`On SQLite:\n\n${await measureNeighbours(bench, undefined)}`);
  if (!(['postgres', 'pages', 'neighbours'] as const).some(wantsPart)) return;
  if (findProgram('initdb') === undefined) return print('PostgreSQL is not installed, so nothing is measured on it.');
  const postgres = await startPostgres();
  try {
    if (wantsPart('postgres')) print(`On PostgreSQL:\n\n${await compareAll(bench, postgres)}`);
    if (wantsPart('pages')) print(`On PostgreSQL:\n\n${await measurePages(bench, postgres)}`);
    if (wantsPart('neighbours')) print(`On PostgreSQL:\n\n${await measureNeighbours(bench, postgres)}`);
  } finally {
    await postgres.stop();
  }
}

/** Compares the groups in which at least one scenario is wanted. */
async function compareAll(bench: Bench, postgres: Postgres | undefined): Promise<string> {
  const comparisons: Comparison[] = [];
  for (const group of scenarioGroups) {
    if (!group.some(({ name }) => bench.options.wantsKind(name))) continue;
    comparisons.push(...(await compare(group, bench, postgres)));
  }
  return comparisonReport(comparisons, bench, postgres === undefined);
}
