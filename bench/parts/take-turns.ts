import type { LoadJob } from '../load/load-job.ts';
import type { Rounds } from '../options.ts';
import type { LoadGenerator } from '../servers/child.ts';
import { cpuSeconds } from '../servers/process-usage.ts';

/** A server under one kind of request. */
export interface Contestant {
  readonly pid: number;
  /** Asked for before each of its turns. */
  job(): Promise<Pick<LoadJob, 'port' | 'plan' | 'expected'>>;
  /** Told of each of its turns; those that warm up do not count. */
  took(turn: Turn, counts: boolean): void;
}

export interface Turn {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of the server process's CPU for one request. */
  readonly cpuMs: number;
  readonly generatorLoad: number;
}

/**
 * Lets the contestants answer in turn, round after round, each round beginning with another one: what slows the machine down
 * for a while slows all of them.
 */
export async function takeTurns(
  contestants: readonly Contestant[],
  { count, warmUp, seconds, connections }: Rounds,
  generator: LoadGenerator,
): Promise<void> {
  for (let round = 0; round < warmUp + count; round += 1) {
    const first = round % contestants.length;
    for (const contestant of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      const job = { ...(await contestant.job()), seconds, connections };
      contestant.took(await takeTurn(contestant.pid, job, generator), round >= warmUp);
    }
  }
}

async function takeTurn(pid: number, job: LoadJob, generator: LoadGenerator): Promise<Turn> {
  const before = cpuSeconds(pid);
  const { requests, seconds, p50, p99, generatorLoad } = await generator.run(job);
  const cpuMs = ((cpuSeconds(pid) - before) * 1000) / requests;
  return { requests, perSecond: requests / seconds, p50, p99, cpuMs, generatorLoad };
}
