import { parseArgs } from 'node:util';

export const partNames = [
  'sqlite',
  'postgres',
  'neighbours',
  'start',
  'commands',
  'look-up',
  'pages',
  'memory',
] as const;
export type PartName = (typeof partNames)[number];

export interface Rounds {
  /** How often each server is started. */
  readonly starts: number;
  /** The number of rounds after each start. */
  readonly count: number;
  /** The number of rounds before those, which compile the code and fill the caches. */
  readonly warmUp: number;
  readonly seconds: number;
  readonly connections: number;
}

export interface Options {
  /** A checkout of another version to measure in the same run. */
  readonly against: string | undefined;
  readonly rounds: Rounds;
  /** Whether to measure less of everything, to see that the benchmark works. */
  readonly quick: boolean;
  /** Whether to start servers without compiled code from an earlier start, as after an upgrade. */
  readonly cold: boolean;
  wantsPart(name: PartName): boolean;
  /** Returns whether scenarios of this kind are to be measured. */
  wantsKind(name: string): boolean;
}

const connections = 64;
const warmUpSeconds = 2;
/** The parts that `--only` applies to if no part is named. */
const comparisons: readonly PartName[] = ['sqlite', 'postgres'];

export const help = `Usage: npm run bench -- [parts] [options]

Measures Ringup beside a bare HTTP server that answers the same bytes, and prints ratios. Without parts it measures
everything, which takes more than an hour. Close everything else first: figures from a busy machine mean nothing.

Parts:
  sqlite       requests/s, latency and CPU for each kind of request
  postgres     the same on PostgreSQL
  neighbours   how long others wait while 64 connections ask for something else
  start        the time from the start of the process to its first answer
  commands     CPU of a command, as a multiple of \`node -e 0\`
  look-up      the time that finding a token takes among 1,000 and 1,000,000 accounts
  pages        the time that pages of the list of accounts take among up to 1,000,000 accounts
  memory       memory after each 100,000 requests

Options:
  --against DIR  measure the version in DIR as well, in the same run
  --only WORDS   only kinds of request whose names hold the words; without parts: sqlite and postgres
  --starts N     how often each server is started (3)
  --rounds N     rounds after each start (5)
  --seconds N    how long each turn takes (1)
  --cold         without the compiled code that Node.js keeps from an earlier start
  --quick        less of everything, to see that it works: five minutes
  --help         show this

Examples:
  npm run bench -- commands
  npm run bench -- sqlite --only redemption --against ../before

bench/README.md says what the figures mean.
`;

export function asksForHelp(args: readonly string[]): boolean {
  return args.includes('--help') || args.includes('-h');
}

export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      against: { type: 'string' },
      cold: { type: 'boolean', default: false },
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      starts: { type: 'string' },
    },
  });
  const { against, cold, only, quick } = values;
  const unknown = positionals.find((word) => !partNames.some((name) => name === word));
  if (unknown !== undefined) throw new Error(`There is no part "${unknown}", but: ${partNames.join(', ')}.`);
  const seconds = positive('--seconds', values.seconds ?? (quick ? '0.3' : '1'));
  const starts = Math.ceil(positive('--starts', values.starts ?? (quick ? '1' : '3')));
  const count = Math.ceil(positive('--rounds', values.rounds ?? (quick ? '2' : '5')));
  const warmUp = quick ? 1 : Math.ceil(warmUpSeconds / seconds);
  return {
    against,
    quick,
    cold,
    rounds: { starts, count, warmUp, seconds, connections },
    wantsPart: (name) =>
      positionals.length === 0 ? only === undefined || comparisons.includes(name) : positionals.includes(name),
    wantsKind: (name) => only === undefined || name.toLowerCase().includes(only.toLowerCase()),
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} takes a number above 0, not "${text}".`);
  return value;
}
