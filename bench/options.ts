import { parseArgs } from 'node:util';

export const partNames = ['sqlite', 'postgres', 'neighbours', 'start', 'look-up', 'memory'] as const;
export type PartName = (typeof partNames)[number];

export interface Rounds {
  /** How often each server is started. */
  readonly starts: number;
  /** After each start. */
  readonly count: number;
  /** Rounds before these, which compile the code and fill the caches. */
  readonly warmUp: number;
  readonly seconds: number;
  readonly connections: number;
}

export interface Options {
  /** A checkout of another version to measure in the same run. */
  readonly against: string | undefined;
  readonly rounds: Rounds;
  /** Less of everything, to see that it works. */
  readonly quick: boolean;
  /** Without the compiled code that an earlier start has left, as after an upgrade. */
  readonly cold: boolean;
  wantsPart(name: PartName): boolean;
  /** Whether a kind of request is asked for. */
  wantsKind(name: string): boolean;
}

const connections = 64;
const warmUpSeconds = 2;
/** What `--only` chooses from where no part is named. */
const comparisons: readonly PartName[] = ['sqlite', 'postgres'];

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
