import type { Bench } from '../bench.ts';
import { install } from '../installation/installation.ts';
import type { Postgres } from '../installation/postgres.ts';
import { type Entry, enter, type Place } from './entry.ts';
import type { Scenario } from './scenarios.ts';
import { type Turn, takeTurns } from './take-turns.ts';

export interface Comparison {
  readonly scenario: Scenario;
  readonly bare: readonly Turn[];
  /** The turns of each version, in the order of `bench.versions`. */
  readonly versions: readonly (readonly Turn[])[];
}

/** More tokens than a server can redeem in a second. */
const tokensPerSecond = 20_000;

/**
 * Measures all versions and the bare server in turn, with the same requests and answers of the same size. Repeats this
 * with new processes, because some effects last as long as a process, such as what V8 optimizes in the first second.
 */
export async function compare(
  group: readonly Scenario[],
  bench: Bench,
  postgres: Postgres | undefined,
): Promise<Comparison[]> {
  const { rounds } = bench.options;
  const requests = Math.ceil(tokensPerSecond * rounds.seconds);
  const places: Place[] = [];
  for (const scenario of group) {
    const waiting = scenario.token === undefined ? 0 : rounds.starts * (1 + requests * (rounds.warmUp + rounds.count));
    for (const version of bench.versions) {
      const installation = await install(version, bench, { waiting, postgres });
      const bare = version === bench.versions[0] ? [] : undefined;
      places.push({ scenario, installation, turns: [], bare, answered: 0 });
    }
  }
  for (let start = 0; start < rounds.starts; start += 1) await compareOnce(places, requests, bench);
  return group.map((scenario) => {
    const own = places.filter((place) => place.scenario === scenario);
    return { scenario, bare: own[0]?.bare ?? [], versions: own.map(({ turns }) => turns) };
  });
}

async function compareOnce(places: readonly Place[], requests: number, bench: Bench): Promise<void> {
  const entries: Entry[] = [];
  try {
    for (const place of places) entries.push(await enter(place, requests, bench));
    await takeTurns(
      entries.flatMap(({ contestants }) => contestants),
      bench.options.rounds,
      bench.generator,
    );
  } finally {
    // Killed instead of stopped: even then, everything that was acknowledged must be stored.
    for (const { server } of entries) await server.stop('SIGKILL');
  }
  for (const place of places) await requireKept(place);
}

async function requireKept({ scenario, installation, answered }: Place): Promise<void> {
  if (scenario.token !== 'claimed') return;
  const kept = await installation.rows.countClaimedTokens();
  if (kept < answered)
    throw new Error(`${answered} redemptions were answered; after SIGKILL the database knows ${kept}.`);
}
