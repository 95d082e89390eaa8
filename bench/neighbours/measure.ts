import type { Bench } from '../bench.ts';
import { type Installation, install } from '../installation/installation.ts';
import type { Postgres } from '../installation/postgres.ts';
import { requestSource } from '../load/request-source.ts';
import { sampleAnswer } from '../load/sample-answer.ts';
import { showSpread, showTarget, table } from '../markdown.ts';
import { startLoadGenerator } from '../servers/child.ts';
import { median, ratios } from '../statistics.ts';
import { baseDocuments, type Flood, floodsOn, tokensForFloods } from './floods.ts';
import { type Generators, type Visit, visitDuring } from './visit.ts';

const accounts = 10_000;

/**
 * Measures how long other clients wait for the base document while 64 connections request something else. Reports it
 * for each kind of flood.
 */
export async function measureNeighbours(bench: Bench, postgres: Postgres | undefined): Promise<string> {
  const generators = { crowd: startLoadGenerator(), others: bench.generator };
  const waiting = accounts + tokensForFloods;
  const reports: string[] = [];
  try {
    for (const version of bench.versions) {
      const installation = await install(version, bench, { waiting, postgres });
      reports.push(await measureInstallation(installation, bench, generators));
    }
  } finally {
    generators.crowd.stop();
  }
  return reports.join('\n');
}

async function measureInstallation(
  installation: Installation,
  { options: { rounds, wantsKind } }: Bench,
  generators: Generators,
): Promise<string> {
  const server = await installation.serve();
  const { port } = server;
  const all = await floodsOn(port, installation);
  const floods = [baseDocuments, ...all.filter(({ name }) => wantsKind(name))];
  const visits = floods.map((): Visit[] => []);
  // Fewer and longer rounds than elsewhere, because a p99 needs many requests. The first round warms up.
  const manner = { port, connections: rounds.connections, seconds: 2 * rounds.seconds };
  for (let round = 0; round <= Math.ceil(rounds.count / 2); round += 1) {
    for (const [index, flood] of floods.entries()) {
      const visit = await visitDuring(flood, manner, generators);
      if (round > 0) visits[index]?.push(visit);
    }
  }
  const rows: string[][] = [];
  for (const [index, flood] of floods.entries()) {
    rows.push([...(await describe(flood, port)), ...figures(flood, visits[index] ?? [], visits[0] ?? [])]);
  }
  await server.stop();
  const head = [
    `${rounds.connections} connections ask ${installation.version.name} for`,
    'answer',
    "others' p99 ms",
    'of base documents',
    'to reach',
    'answers/s',
  ];
  return table(head, rows);
}

async function describe({ name, plan }: Flood, port: number): Promise<string[]> {
  const { status, body } = await sampleAnswer(port, requestSource(plan)(0) ?? '');
  return [name, `${status}, ${body.length} bytes`];
}

function figures({ atMost }: Flood, own: readonly Visit[], base: readonly Visit[]): string[] {
  const ratio = ratios(own, base, ({ p99 }) => p99);
  return [
    median(own.map(({ p99 }) => p99)).toFixed(1),
    showSpread(ratio),
    showTarget(ratio.median, atMost === undefined ? {} : { atMost }),
    median(own.map(({ perSecond }) => perSecond)).toFixed(0),
  ];
}
