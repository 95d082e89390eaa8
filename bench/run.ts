import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { compileOnce, versionIn } from './installation/version.ts';
import { describeMachine } from './machine.ts';
import { asksForHelp, help, type Options, readOptions } from './options.ts';
import { runParts } from './parts.ts';
import { startLoadGenerator, startReferenceServer } from './servers/child.ts';

if (asksForHelp(process.argv.slice(2))) {
  process.stdout.write(help);
  process.exit(0);
}
const options = optionsOrExit();
const directory = mkdtempSync(join(tmpdir(), 'ringup-bench-'));
const generator = startLoadGenerator();
const reference = await startReferenceServer();
try {
  const own = versionIn(join(import.meta.dirname, '..'));
  const bench: Bench = {
    options,
    directory,
    environment: options.cold ? { NODE_DISABLE_COMPILE_CACHE: '1' } : {},
    versions: options.against === undefined ? [own] : [own, versionIn(options.against)],
    generator,
    reference,
    print: (text) => void process.stdout.write(`${text}\n`),
  };
  bench.print(`Ringup ${bench.versions.map(({ name }) => name).join(' against ')}. ${describeMachine(directory)}`);
  for (const version of bench.versions) await compileOnce(version, directory);
  await runParts(bench);
} finally {
  generator.stop();
  reference.stop();
  rmSync(directory, { recursive: true });
}

function optionsOrExit(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error ? error.message : error}\nnpm run bench -- --help lists parts and options.\n`,
    );
    process.exit(2);
  }
}
