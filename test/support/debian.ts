import { findProgram } from './find-program.ts';

interface Skippable {
  skip(message: string): void;
}

/** The package of Debian's that has a program, or the command that makes it. */
type Source = string | { readonly run: string };

/** What a test needs: names or paths of programs, each with where it comes from. */
export type Programs = Readonly<Record<string, Source>>;

/**
 * Whether all of these programs are installed. If not, the test is reported as skipped with what to install, and with
 * `CI=true` it fails. For the first line of a test: `if (!requirePrograms(t, { zbarimg: 'zbar-tools' })) return;`
 */
export function requirePrograms(
  t: Skippable,
  programs: Programs,
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  const missing = Object.keys(programs).filter((program) => findProgram(program) === undefined);
  if (missing.length === 0) return true;
  const sources = missing.flatMap((program) => programs[program] ?? []);
  const packages = new Set(sources.filter((source) => typeof source === 'string'));
  const commands = new Set(sources.flatMap((source) => (typeof source === 'string' ? [] : [source.run])));
  const install = packages.size === 0 ? [] : [`apt-get install ${[...packages].join(' ')}`];
  const message = `${missing.join(', ')} not found: ${[...install, ...commands].join('; ')}`;
  if (environment.CI === 'true') throw new Error(message);
  t.skip(message);
  return false;
}
