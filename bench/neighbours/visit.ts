import { setTimeout as delay } from 'node:timers/promises';
import { same } from '../load/requests.ts';
import type { LoadGenerator } from '../servers/child.ts';
import type { Flood } from './floods.ts';

/** What the other clients measured while a crowd requested something. */
export interface Visit {
  /** Milliseconds that the other clients waited. */
  readonly p99: number;
  /** Requests of the crowd that were answered. */
  readonly perSecond: number;
}

export interface Generators {
  readonly crowd: LoadGenerator;
  readonly others: LoadGenerator;
}

/** Few clients that pause between requests, so that they add almost nothing to the load. */
const others = { connections: 4, pauseMs: 5 };
/** The crowd starts this long before the other clients, and stops this long after them. */
const marginSeconds = 0.2;
const restMs = 200;

/** Lets a crowd request one thing, and other clients the base document, for this many seconds. */
export async function visitDuring(
  { plan }: Flood,
  { port, connections, seconds }: { readonly port: number; readonly connections: number; readonly seconds: number },
  generators: Generators,
): Promise<Visit> {
  const crowd = generators.crowd.run({
    port,
    connections,
    seconds: seconds + 2 * marginSeconds,
    plan,
    expected: {},
  });
  await delay(marginSeconds * 1000);
  const visit = { port, ...others, seconds, plan: same('/provisioning'), expected: { status: 200 } };
  const { p99 } = await generators.others.run(visit);
  const { requests, seconds: took } = await crowd;
  await delay(restMs);
  return { p99, perSecond: requests / took };
}
