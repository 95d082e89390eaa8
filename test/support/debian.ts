import { findProgram } from './find-program.ts';

interface Skippable {
  skip(message: string): void;
}

/**
 * Whether all of these programs of Debian's are installed (name of the program: package that has it). If not, the test
 * is reported as skipped with what to install, and with `CI=true` it fails. For the first line of a test:
 * `if (!requirePrograms(t, { zbarimg: 'zbar-tools' })) return;`
 */
export function requirePrograms(
  t: Skippable,
  programs: Readonly<Record<string, string>>,
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  const missing = Object.keys(programs).filter((program) => findProgram(program) === undefined);
  if (missing.length === 0) return true;
  const packages = new Set(missing.map((program) => programs[program]));
  const message = `${missing.join(', ')} not found: apt-get install ${[...packages].join(' ')}`;
  if (environment.CI === 'true') throw new Error(message);
  t.skip(message);
  return false;
}
