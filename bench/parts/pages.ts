import type { Bench } from '../bench.ts';
import type { Postgres } from '../installation/postgres.ts';
import { showSpread, showTarget, table } from '../markdown.ts';
import { words } from '../pages/populate.ts';
import { openStock, type Stock } from '../pages/stock.ts';
import { median, ratios } from '../statistics.ts';

/** The target: the time with 100,000 accounts as a multiple of the time with 1,000. */
const atMost = 1.5;
const passes = 5;

/** The pages to measure, with the number of rows that each must have. */
const pages: readonly (readonly [name: string, path: string, rows: number])[] = [
  ['the first page', '', 50],
  ['a state', '?filter=active', 50],
  ['those without a mail address', '?filter=no-mail', 50],
  ['a group', '?group=Sales', 50],
  ['a search that finds all', `?search=${words.all}`, 50],
  ['a search that finds one', `?search=${words.one}`, 1],
  ['a search that finds none', `?search=${words.none}`, 0],
  ['a search that finds other spaces only', `?search=${words.others}`, 0],
  ['a search for two letters', '?search=ou', 50],
  ['a search within a state', `?search=${words.all}&filter=active`, 50],
];

/** Measures how long this process takes for pages of the account list, by the number of accounts. */
export async function measurePages(bench: Bench, postgres: Postgres | undefined): Promise<string> {
  const { quick, rounds } = bench.options;
  const sizes = quick ? [1_000, 10_000] : [1_000, 100_000, 1_000_000];
  const stocks: Stock[] = [];
  for (const accounts of sizes) stocks.push(await openStock(bench, postgres, accounts));
  const rows: string[][] = [];
  for (const [name, path, found] of pages) {
    const times = stocks.map((): number[] => []);
    for (let round = 0; round <= rounds.starts * rounds.count; round += 1) {
      for (const [index, { get }] of stocks.entries()) {
        const some: number[] = [];
        for (let pass = 0; pass < passes; pass += 1) some.push(await get(`/admin/accounts${path}`, found));
        // The first round warms up.
        if (round > 0) times[index]?.push(median(some));
      }
    }
    for (const [index, accounts] of sizes.entries()) {
      const own = times[index] ?? [];
      const ratio = ratios(own, times[0] ?? [], (each) => each);
      const reached = index === 0 ? '' : showTarget(ratio.median, { atMost });
      rows.push([name, accounts.toLocaleString('en'), median(own).toFixed(2), showSpread(ratio), reached]);
    }
  }
  for (const { close } of stocks) await close();
  return table(['page', 'accounts', 'ms', 'of the first', 'to reach'], rows);
}
