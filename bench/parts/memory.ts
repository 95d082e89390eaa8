import type { Bench } from '../bench.ts';
import { install } from '../installation/installation.ts';
import type { Version } from '../installation/version.ts';
import { showTarget, table } from '../markdown.ts';
import { residentMegabytes } from '../servers/process-usage.ts';
import { scenarioGroups } from './scenarios.ts';

const steps = 5;
const connections = 64;
/** How many of every hundred requests belong to each scenario. */
const mix: Readonly<Record<string, number>> = {
  'base document': 60,
  'token redemption': 5,
  'me by API key': 17,
  'me by Digest': 17,
  'QR code': 1,
};
/** The targets: megabytes at the end, and those as a multiple of the megabytes after the first step. */
const target = { megabytes: 200, growth: 1.1 };

/** Measures the resident memory of one server after every hundred thousand requests of all kinds. */
export async function measureMemory(bench: Bench): Promise<string> {
  let report = '';
  for (const version of bench.versions) report += await measureVersion(version, bench);
  return report;
}

async function measureVersion(version: Version, bench: Bench): Promise<string> {
  const { generator, options } = bench;
  const step = options.quick ? 1_000 : 100_000;
  const scenarios = scenarioGroups.flat().filter(({ name }) => mix[name] !== undefined);
  const installation = await install(version, bench, { waiting: step * steps });
  const server = await installation.serve();
  const { user, takeTokens } = installation;
  const rows: string[][] = [];
  let first: number | undefined;
  for (let index = 1; index <= steps; index += 1) {
    for (const { name, plan } of scenarios) {
      const requests = (step * (mix[name] ?? 0)) / 100;
      const job = { port: server.port, connections, requests, seconds: 60, expected: { status: 200 } };
      await generator.run({ ...job, plan: await plan({ port: server.port, connections, user, requests, takeTokens }) });
    }
    const { all, files } = residentMegabytes(server.pid);
    first ??= all;
    const last = index === steps;
    rows.push([
      (index * step).toLocaleString('en'),
      `${all.toFixed(0)} ${last ? showTarget(all, { atMost: target.megabytes }) : ''}`,
      files.toFixed(0),
      `${(all / first).toFixed(2)} ${last ? showTarget(all / first, { atMost: target.growth }) : ''}`,
    ]);
  }
  await server.stop();
  return table([`requests to ${version.name}`, 'resident MB', 'of these mapped files', 'of the first'], rows);
}
