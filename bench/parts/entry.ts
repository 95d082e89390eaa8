import type { Bench } from '../bench.ts';
import { type Installation, randomTokens } from '../installation/installation.ts';
import type { RequestPlan } from '../load/load-job.ts';
import { requestSource } from '../load/request-source.ts';
import { sampleAnswer } from '../load/sample-answer.ts';
import type { ServerProcess } from '../servers/server-process.ts';
import type { Asked, Scenario } from './scenarios.ts';
import type { Contestant, Turn } from './take-turns.ts';

/** A version and a scenario, with a database of its own. */
export interface Place {
  readonly scenario: Scenario;
  readonly installation: Installation;
  readonly turns: Turn[];
  /** The turns of the bare server; it is measured beside the first version only. */
  readonly bare: Turn[] | undefined;
  /** How many requests the place has answered since it was created. */
  answered: number;
}

export interface Entry {
  readonly server: ServerProcess;
  /** This version's server and, beside the first version, the bare server with the same requests. */
  readonly contestants: readonly Contestant[];
}

/** Starts the server of a place, and requests one answer, which all other answers must be like. */
export async function enter(place: Place, requests: number, { options: { rounds }, reference }: Bench): Promise<Entry> {
  const { scenario, installation, turns, bare } = place;
  const server = await installation.serve(scenario.settings);
  const { user, takeTokens } = installation;
  const asked: Asked = { port: server.port, connections: rounds.connections, user, requests, takeTokens };
  const first = requestSource(await scenario.plan({ ...asked, connections: 1, requests: 1 }))(0) ?? '';
  const answer = await sampleAnswer(server.port, first);
  place.answered += 1;
  const body = Buffer.from(answer.body).toString('latin1');
  if (answer.status !== 200 || !body.includes(scenario.holds)) {
    throw new Error(`${scenario.name} was answered with ${answer.status}:\n${body.slice(0, 1000)}`);
  }
  const expected = { status: 200, bodyLength: body.length };
  const ringup: Contestant = {
    pid: server.pid,
    job: async () => ({
      port: server.port,
      plan: await scenario.plan(asked),
      expected: scenario.lengthVaries ? { status: 200 } : expected,
    }),
    took(turn, counts) {
      place.answered += turn.requests;
      if (counts) turns.push(turn);
    },
  };
  if (bare === undefined) return { server, contestants: [ringup] };
  const bareOne: Contestant = {
    pid: reference.pid,
    async job() {
      await reference.answerWith(answer);
      const plan = await scenario.plan({ ...asked, takeTokens: randomTokens });
      return { port: reference.port, plan: repeated(plan), expected };
    },
    took: (turn, counts) => void (counts && bare.push(turn)),
  };
  return { server, contestants: [ringup, bareOne] };
}

function repeated(plan: RequestPlan): RequestPlan {
  return plan.kind === 'values' ? { ...plan, repeat: true } : plan;
}
