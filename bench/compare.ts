import type { LoadGenerator, ReferenceServer } from './child.ts';
import type { LoadResult, RequestPlan } from './load-job.ts';
import { cpuSeconds } from './process-usage.ts';
import { requestSource } from './request-source.ts';
import { type RingupProcess, startRingup } from './ringup-process.ts';
import { sampleAnswer } from './sample-answer.ts';
import type { Scenario } from './scenarios.ts';
import { median } from './statistics.ts';

export interface Rounds {
  readonly count: number;
  readonly seconds: number;
  readonly connections: number;
}

/** Medians over the rounds. */
export interface Measured {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of the server process's CPU for one request. */
  readonly cpuMs: number;
  readonly generatorLoad: number;
}

export interface Comparison {
  readonly scenario: Scenario;
  readonly ringup: Measured;
  readonly reference: Measured;
  /** The median of the rounds' ratios of requests/s. */
  readonly ratio: number;
  /** How many requests Ringup answered, the first ones included. */
  readonly answered: number;
}

type Round = Measured & { readonly requests: number };

interface Pair {
  readonly reference: Round;
  readonly ringup: Round;
}

interface Server {
  readonly pid: number;
  readonly port: number;
}

/** Ringup and the reference in turn, under the same requests and with the same answers. Ringup is left to `end`. */
export async function compare(
  scenario: Scenario,
  { dataDir, rounds }: { readonly dataDir: string; readonly rounds: Rounds },
  { generator, reference }: { readonly generator: LoadGenerator; readonly reference: ReferenceServer },
  end: (ringup: RingupProcess) => Promise<void>,
): Promise<Comparison> {
  const ringup = await startRingup(dataDir, scenario.settings);
  const first = requestSource(await scenario.plan(ringup.port, 1))(0) ?? '';
  const answer = await sampleAnswer(ringup.port, first);
  await reference.answerWith(answer);
  const expected = { status: 200, bodyLength: answer.body.length };
  const load = async (server: Server, plan: RequestPlan): Promise<Round> => {
    const before = cpuSeconds(server.pid);
    const { seconds, connections } = rounds;
    const job = { port: server.port, connections, seconds, requests: Number.POSITIVE_INFINITY, plan, expected };
    return roundOf(await generator.run(job), cpuSeconds(server.pid) - before);
  };
  const pairs: Pair[] = [];
  // The first round is not counted: it is the compiler's.
  for (let index = 0; index <= rounds.count; index += 1) {
    const plan = await scenario.plan(ringup.port, rounds.connections);
    pairs.push({ reference: await load(reference, plan), ringup: await load(ringup, plan) });
  }
  await end(ringup);
  const counted = pairs.slice(1);
  return {
    scenario,
    ringup: medians(counted.map((pair) => pair.ringup)),
    reference: medians(counted.map((pair) => pair.reference)),
    ratio: median(counted.map((pair) => pair.ringup.perSecond / pair.reference.perSecond)),
    answered: pairs.reduce((total, pair) => total + pair.ringup.requests, 1),
  };
}

function roundOf({ requests, seconds, p50, p99, generatorLoad }: LoadResult, cpu: number): Round {
  return { requests, perSecond: requests / seconds, p50, p99, cpuMs: (cpu * 1000) / requests, generatorLoad };
}

function medians(rounds: readonly Round[]): Measured {
  const of = (name: keyof Measured) => median(rounds.map((round) => round[name]));
  return {
    perSecond: of('perSecond'),
    p50: of('p50'),
    p99: of('p99'),
    cpuMs: of('cpuMs'),
    generatorLoad: of('generatorLoad'),
  };
}
