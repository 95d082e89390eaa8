import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { runCommand } from '../installation/version.ts';
import { showSpread, showTarget, table } from '../markdown.ts';
import { median, ratios } from '../statistics.ts';

/** The commands to run, and the CPU time that each may take, as a multiple of `node -e 0`. */
const commands: readonly { readonly words: string; readonly atMost: number }[] = [
  { words: '--help', atMost: 4 },
  { words: '--version', atMost: 4 },
  { words: 'acount list', atMost: 4 },
  { words: 'account add', atMost: 4 },
  { words: 'account add --help', atMost: 4 },
  { words: 'account add --bogus', atMost: 4 },
  { words: 'account list', atMost: 14 },
  { words: 'token list alice', atMost: 14 },
];
/** One measurement covers this many runs, because the clock of the processes' CPU has only 100 ticks a second. */
const runsAtOnce = 10;

/** Measures the CPU seconds of whole commands, including their child processes. The commands take turns. */
export async function measureCommands(bench: Bench): Promise<string> {
  const [version] = bench.versions;
  const environment = { ...bench.environment, RINGUP_DATA_DIR: mkdtempSync(join(bench.directory, 'commands-')) };
  await runCommand(version, environment, ['migrate']);
  await runCommand(version, environment, ['account', 'add', 'alice']);
  const program = join(version.program, '../../ringup');
  const calls = [['node', '-e', '0'], ...commands.map(({ words }) => [program, ...words.split(' ')])];
  const seconds = calls.map((): number[] => []);
  const { starts, count } = bench.options.rounds;
  // The first round compiles the code.
  for (let round = 0; round <= starts * count; round += 1) {
    for (const [index, call] of calls.entries()) {
      const taken = cpuSecondsOf(call, environment);
      if (round > 0) seconds[index]?.push(taken);
    }
  }
  const [bare = [], ...own] = seconds;
  const rows = commands.map(({ words, atMost }, index) => {
    const ratio = ratios(own[index] ?? [], bare, (each) => each);
    const milliseconds = (median(own[index] ?? []) * 1000).toFixed(0);
    return [`./ringup ${words}`, milliseconds, showSpread(ratio), showTarget(ratio.median, { atMost })];
  });
  return table(
    ['CPU of a command', 'ms', `of \`node -e 0\` (${(median(bare) * 1000).toFixed(0)} ms)`, 'to reach'],
    rows,
  );
}

function cpuSecondsOf(call: readonly string[], environment: Readonly<Record<string, string>>): number {
  const script = `for run in ${'x '.repeat(runsAtOnce)}; do "$@" >/dev/null 2>&1; done; times`;
  const { stdout } = spawnSync('/bin/sh', ['-c', script, 'sh', ...call], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...environment },
  });
  // The second line is the time of the children: `0m0.260s 0m0.080s`.
  const times = stdout.trim().split('\n').at(-1) ?? '';
  const all = [...times.matchAll(/(\d+)m([\d.]+)s/g)].map(([, minutes, rest]) => Number(minutes) * 60 + Number(rest));
  return all.reduce((sum, each) => sum + each, 0) / runsAtOnce;
}
