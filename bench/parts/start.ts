import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { startVersion } from '../installation/version.ts';
import { showSpread, showTarget, table } from '../markdown.ts';
import { type ServerProcess, startServer } from '../servers/server-process.ts';
import { median, ratios } from '../statistics.ts';

/** The target: the time as a multiple of the bare start. */
const atMost = 3;
const bareProgram = join(import.meta.dirname, '../servers/bare-fastify.mjs');

interface Starter {
  readonly name: string;
  start(): Promise<ServerProcess>;
}

/**
 * Measures the seconds from the start of the process to the end of its first answer: of a bare Fastify server with
 * better-sqlite3 and one route, and of each version with an empty and with an existing data directory. They take turns.
 */
export async function measureStarts(bench: Bench): Promise<string> {
  const { starts, count } = bench.options.rounds;
  const emptyDirectory = () => mkdtempSync(join(bench.directory, 'start-'));
  const starters: Starter[] = [
    bareStarter(emptyDirectory(), bench.environment),
    ...bench.versions.flatMap((version): Starter[] => {
      const used = emptyDirectory();
      const start = (directory: string) =>
        startVersion(version, { ...bench.environment, RINGUP_DATA_DIR: directory }, directory);
      return [
        { name: version.name, start: () => start(used) },
        { name: `${version.name}, on an empty data directory`, start: () => start(emptyDirectory()) },
      ];
    }),
  ];
  const seconds = starters.map((): number[] => []);
  // The first round creates the databases and compiles the code.
  for (let round = 0; round <= starts * count; round += 1) {
    for (const [index, { start }] of starters.entries()) {
      const server = await start();
      if (round > 0) seconds[index]?.push(server.startSeconds);
      await server.stop();
    }
  }
  const bare = seconds[0] ?? [];
  const rows = starters.map(({ name }, index) => {
    const own = seconds[index] ?? [];
    const ratio = ratios(own, bare, (each) => each);
    return [name, median(own).toFixed(3), showSpread(ratio), index === 1 ? showTarget(ratio.median, { atMost }) : ''];
  });
  return table(['start to first answer', 'seconds', 'of bare', 'to reach'], rows);
}

function bareStarter(directory: string, environment: Bench['environment']): Starter {
  const [cache, file] = [join(directory, 'cache'), join(directory, 'bare.sqlite')];
  return {
    name: 'bare Fastify with better-sqlite3',
    start: () =>
      startServer(
        [bareProgram],
        (port) => ({ ...environment, PORT: String(port), CACHE: cache, FILE: file }),
        directory,
      ),
  };
}
