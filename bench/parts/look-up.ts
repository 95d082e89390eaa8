import { join } from 'node:path';
import { openDatabase } from '../../src/storage/dialect.ts';
import { findToken } from '../../src/tokens/token-store.ts';
import type { Bench } from '../bench.ts';
import { hashOf, install } from '../installation/installation.ts';
import { showSpread, showTarget, table } from '../markdown.ts';
import { median, percentile, ratios } from '../statistics.ts';

/** The target: the time with the most accounts, as a multiple of the time with the fewest. */
const atMost = 1.3;
const sampled = 1_000;
const passes = 20;

interface Stock {
  /** Returns the median of many measurements, in microseconds. */
  measure(): Promise<number>;
  close(): Promise<void>;
}

/** Measures how long this process takes to find a token with its account, by the number of accounts. */
export async function measureLookUps(bench: Bench): Promise<string> {
  const { quick, rounds } = bench.options;
  const sizes = quick ? [100, 10_000] : [1_000, 1_000_000];
  const stocks: Stock[] = [];
  for (const accounts of sizes) stocks.push(await stock(bench, accounts));
  const times = stocks.map((): number[] => []);
  // The first round warms up.
  for (let round = 0; round <= rounds.starts * rounds.count; round += 1) {
    for (const [index, { measure }] of stocks.entries()) {
      const time = await measure();
      if (round > 0) times[index]?.push(time);
    }
  }
  for (const { close } of stocks) await close();
  const smallest = times[0] ?? [];
  const rows = sizes.map((accounts, index) => {
    const own = times[index] ?? [];
    const ratio = ratios(own, smallest, (each) => each);
    const reached = index === 0 ? '' : showTarget(ratio.median, { atMost });
    return [accounts.toLocaleString('en'), median(own).toFixed(2), showSpread(ratio), reached];
  });
  return table(['accounts', 'finding a token, µs', 'of the first', 'to reach'], rows);
}

async function stock(bench: Bench, accounts: number): Promise<Stock> {
  const installation = await install(bench.versions[0], bench, { waiting: accounts });
  const tokens = installation.takeTokens(accounts);
  // Spread over the whole file.
  const every = Math.ceil(accounts / sampled);
  const hashes = tokens.filter((_, index) => index % every === 0).map(hashOf);
  const database = await openDatabase(join(installation.directory, 'ringup.sqlite'));
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
  return { measure, close: () => database.close() };
}
