import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBenchData } from './bench-data.ts';
import { startLoadGenerator, startReferenceServer } from './child.ts';
import { type Comparison, compare } from './compare.ts';
import { countClaimedTokens } from './fill-database.ts';
import { measureFsync } from './fsync.ts';
import { measureLookUps } from './look-up.ts';
import { measureMemory, redemptionsForMemory } from './memory.ts';
import { comparisonReport, lookUpReport, machineReport, memoryReport, startReport } from './report.ts';
import { scenariosOn } from './scenarios.ts';
import { measureStart } from './start-time.ts';

// Without words all of it; otherwise the parts and the kinds of request whose names hold one of them.
const words = process.argv.slice(2);
const wanted = (name: string): boolean => words.length === 0 || words.some((word) => name.includes(word));

const rounds = { count: 5, seconds: 2, connections: 64 };
/** More redemptions than a round gets through. */
const tokensPerRound = 30_000;

const directory = mkdtempSync(join(tmpdir(), 'ringup-bench-'));
const generator = startLoadGenerator();
const reference = await startReferenceServer();
try {
  print(machineReport(measureFsync(directory)));
  await compareAll();
  if (wanted('start')) print(startReport(await measureStart(directory)));
  if (wanted('look-up')) print(lookUpReport(await measureLookUps(directory, [1_000, 1_000_000], rounds.count)));
  if (wanted('memory')) {
    const data = await makeBenchData(directory, 'memory', redemptionsForMemory);
    print(memoryReport(await measureMemory(data, generator)));
  }
} finally {
  generator.stop();
  reference.stop();
  rmSync(directory, { recursive: true });
}

async function compareAll(): Promise<void> {
  const data = await makeBenchData(directory, 'compare', (rounds.count + 2) * tokensPerRound);
  const comparisons: Comparison[] = [];
  for (const scenario of scenariosOn(data, tokensPerRound).filter(({ name }) => wanted(name))) {
    // Killed, not asked to stop: what it acknowledged has to be there all the same.
    const comparison = await compare(scenario, { dataDir: data.dataDir, rounds }, { generator, reference }, (ringup) =>
      ringup.stop('SIGKILL'),
    );
    comparisons.push(comparison);
    if (scenario.name === 'token redemption') reportDurability(comparison, data.file);
  }
  if (comparisons.length > 0) print(comparisonReport(comparisons));
}

function reportDurability({ answered }: Comparison, file: string): void {
  const kept = countClaimedTokens(file);
  print(`Redemptions answered before SIGKILL: ${answered}; used up in the database after it: ${kept}.\n`);
  if (kept < answered) throw new Error('Answered redemptions were lost.');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
