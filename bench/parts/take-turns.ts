import type { LoadJob } from '../load/load-job.ts';
import type { Rounds } from '../options.ts';
import type { LoadGenerator } from '../servers/child.ts';
import { cpuSeconds } from '../servers/process-usage.ts';

/** A server under one kind of request. */
export interface Contestant {
  readonly pid: number;
  /** Returns the job for its next turn. Called before each turn. */
  job(): Promise<Pick<LoadJob, 'port' | 'plan' | 'expected'>>;
  /** Receives the result of each turn; `counts` is false for those that warm up. */
  took(turn: Turn, counts: boolean): void;
}

export interface Turn {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of CPU time of the server process for one request. */
  readonly cpuMs: number;
  readonly generatorLoad: number;
}

/**
 * Lets the contestants answer in turn, round after round. Each round begins with another contestant, so that all are
 * affected alike by whatever slows the machine down for a while.
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
