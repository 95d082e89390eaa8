import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { AppError } from '../errors.ts';
import { type Settings, settingsTable } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings from the environment, each also as `NAME_FILE`. Throws with all mistakes together. */
export function loadSettings(environment: Environment = process.env): Settings {
  const { settings, mistakes } = readSettings(environment);
  if (mistakes.length > 0) throw new AppError('settings-invalid', { mistakes });
  return settings as Settings;
}

/** Returns the valid settings, and what is wrong with the others. Never throws. */
export function readSettings(environment: Environment): { settings: Partial<Settings>; mistakes: string[] } {
  const mistakes: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(settingsTable)) {
    const before = mistakes.length;
    const text = readText(setting.name, environment, mistakes);
    if (mistakes.length > before) continue;
    const parsed = setting.parse(text);
    if ('complaint' in parsed) mistakes.push(`${setting.name} ${parsed.complaint}.`);
    else values[key] = parsed.value;
  }
  mistakes.push(...unknownNames(environment));
  return { settings: values, mistakes };
}

/** Returns the environment, overridden by the settings of a file. */
export function withEnvFile(file: string, environment: Environment = process.env): Environment {
  try {
    return { ...environment, ...parseEnv(readFileSync(file, 'utf8')) };
  } catch (cause) {
    const mistakes = [`--env-file ${file} cannot be read: ${reason(cause)}.`];
    throw new AppError('settings-invalid', { mistakes }, { cause });
  }
}

function readText(name: string, environment: Environment, mistakes: string[]): string | undefined {
  // Whoever sets an empty secret means to set one.
  const text = name === 'RINGUP_SECRET' ? environment[name] : environment[name] || undefined;
  const file = environment[`${name}_FILE`] || undefined;
  if (file === undefined) return text;
  if (text !== undefined) {
    mistakes.push(`${name} and ${name}_FILE are both set: keep only one of them.`);
    return undefined;
  }
  try {
    const content = readFileSync(file, 'utf8').trim();
    if (content === '') mistakes.push(`${name}_FILE names ${file}, which is empty.`);
    return content;
  } catch (cause) {
    mistakes.push(`${name}_FILE names ${file}, which cannot be read: ${reason(cause)}.`);
    return undefined;
  }
}

function unknownNames(environment: Environment): string[] {
  const known = new Set(Object.values(settingsTable).flatMap(({ name }) => [name, `${name}_FILE`]));
  return Object.keys(environment)
    .filter((name) => name.startsWith('RINGUP_') && !known.has(name))
    .map((name) => `${name} is not a setting; the manual's settings page lists them all.`);
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
