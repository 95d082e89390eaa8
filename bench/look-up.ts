import { hashSecret } from '../src/lib/hash.ts';
import { openDatabase } from '../src/storage/dialect.ts';
import { findToken } from '../src/tokens/token-store.ts';
import { makeBenchData } from './bench-data.ts';
import { median, percentile } from './statistics.ts';

export interface LookUps {
  readonly accounts: number;
  /** Median of the rounds' medians, in microseconds. */
  readonly p50: number;
  readonly rounds: readonly number[];
}

const sampled = 1_000;
const passes = 20;

/** The time that finding a token with its account takes in this process, by how many accounts there are. */
export async function measureLookUps(parent: string, sizes: readonly number[], rounds: number): Promise<LookUps[]> {
  const stocks = [];
  for (const accounts of sizes) stocks.push(await stock(parent, accounts));
  const measured = stocks.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { measure }] of stocks.entries()) {
      const p50 = await measure();
      // The first round warms up.
      if (round > 0) measured[index]?.push(p50);
    }
  }
  for (const { database } of stocks) await database.close();
  return sizes.map((accounts, index) => {
    const of = measured[index] ?? [];
    return { accounts, p50: median(of), rounds: of };
  });
}

async function stock(parent: string, accounts: number) {
  const data = await makeBenchData(parent, `accounts-${accounts}`, accounts);
  const tokens = data.takeTokens(accounts);
  // Spread over the whole of the file.
  const hashes = Array.from({ length: sampled }, (_, index) => {
    return hashSecret(tokens[Math.floor((index * accounts) / sampled)] ?? '');
  });
  const database = openDatabase(data.file);
  const measure = async (): Promise<number> => {
    const times: number[] = [];
    for (let pass = 0; pass < passes; pass += 1) {
      for (const hash of hashes) {
        const startedAt = performance.now();
        const found = await findToken(database, 'provisioning', hash);
        times.push((performance.now() - startedAt) * 1000);
        if (found === undefined) throw new Error('A token was not found.');
      }
    }
    return percentile(times, 0.5);
  };
  return { database, measure };
}
