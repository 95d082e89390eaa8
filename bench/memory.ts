import type { BenchData } from './bench-data.ts';
import type { LoadGenerator } from './child.ts';
import { residentMegabytes } from './process-usage.ts';
import { requestSource } from './request-source.ts';
import { startRingup } from './ringup-process.ts';
import { sampleAnswer } from './sample-answer.ts';
import { scenariosOn } from './scenarios.ts';

export interface Memory {
  readonly requests: number;
  /** Megabytes. */
  readonly all: number;
  readonly files: number;
}

const step = 100_000;
const steps = 5;
const connections = 64;
/** Of each hundred requests, how many are of which scenario. */
const mix = { 'base document': 60, 'token redemption': 5, 'me by API key': 17, 'me by Digest': 17, 'QR code': 1 };

export const redemptionsForMemory = step * steps * (mix['token redemption'] / 100) + steps;

/** Resident memory of one server after each hundred thousand requests of all kinds. */
export async function measureMemory(data: BenchData, generator: LoadGenerator): Promise<Memory[]> {
  const ringup = await startRingup(data.dataDir);
  const samples: Memory[] = [];
  for (let index = 1; index <= steps; index += 1) {
    for (const scenario of scenariosOn(data, (step * mix['token redemption']) / 100)) {
      const share = new Map(Object.entries(mix)).get(scenario.name);
      if (share === undefined) continue;
      const first = requestSource(await scenario.plan(ringup.port, 1))(0) ?? '';
      const { body } = await sampleAnswer(ringup.port, first);
      const plan = await scenario.plan(ringup.port, connections);
      const expected = { status: 200, bodyLength: body.length };
      const requests = (step * share) / 100;
      await generator.run({ port: ringup.port, connections, seconds: 60, requests, plan, expected });
    }
    samples.push({ requests: index * step, ...residentMegabytes(ringup.pid) });
  }
  await ringup.stop();
  return samples;
}
