import { findProgram } from './find-program.ts';

interface Skippable {
  skip(message: string): void;
}

/** The Debian package of a program, or the command that builds it. */
type Source = string | { readonly run: string };

/** The programs that a test needs, by name or path, with their sources. */
export type Programs = Readonly<Record<string, Source>>;

/**
 * Returns whether all of these programs are installed. If not, the test is skipped with a message about what to
 * install; with `CI=true` it fails. Use it in the first line of a test: `if (!requirePrograms(t, { zbarimg:
 * 'zbar-tools' })) return;`
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
