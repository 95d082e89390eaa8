import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { quoteText, visibleText } from '../errors/quote-text.ts';
import { AppError } from '../errors.ts';
import { editDistance } from '../lib/closest-name.ts';
import { readTrouble } from '../lib/file-trouble.ts';
import { trimBlanks } from '../lib/trim-blanks.ts';
import { type Setting, type Settings, settingsTable } from './settings.ts';

const prefix = 'RINGUP_';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings from the environment, each also from the file that `NAME_FILE` names. Throws all mistakes
 * together.
 */
export function loadSettings(
  environment: Environment = process.env,
  onWarning: (sentence: string) => void = () => {},
): Settings {
  const { settings, mistakes, warning } = readSettings(environment);
  if (mistakes.length > 0) throw new AppError('settings-invalid', { mistakes });
  if (warning !== undefined) onWarning(warning);
  return settings as Settings;
}

export interface ReadSettings {
  readonly settings: Partial<Settings>;
  readonly mistakes: readonly string[];
  /** A sentence about names that are set but have no effect, if there are any. */
  readonly warning: string | undefined;
}

/** Returns the valid settings, and the mistakes in the others. Never throws. */
export function readSettings(environment: Environment): ReadSettings {
  const mistakes: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(settingsTable)) {
    const before = mistakes.length;
    const text = readText(setting.name, environment, mistakes);
    if (mistakes.length > before) continue;
    const parsed = setting.parse(text);
    if ('complaint' in parsed) mistakes.push(`${setting.name} ${valueIn(setting, text)}${parsed.complaint}.`);
    else values[key] = parsed.value;
  }
  const foreign = foreignNames(environment);
  mistakes.push(...foreign.flatMap(({ name, meant }) => (meant === undefined ? [] : [misspelt(name, meant)])));
  const ignored = foreign.filter(({ meant }) => meant === undefined).map(({ name }) => name);
  return { settings: values, mistakes, warning: ignored.length === 0 ? undefined : changingNothing(ignored) };
}

/** Returns the environment, overridden by the settings in a file. */
export function withEnvFile(file: string, environment: Environment = process.env): Environment {
  try {
    return { ...environment, ...parseEnv(readFileSync(file, 'utf8')) };
  } catch (cause) {
    const mistakes = [`--env-file ${file} cannot be read: ${readTrouble(cause)}.`];
    throw new AppError('settings-invalid', { mistakes }, { cause });
  }
}

function readText(name: string, environment: Environment, mistakes: string[]): string | undefined {
  // An empty secret is reported as a mistake instead of counting as missing.
  const text = name === 'RINGUP_SECRET' ? environment[name] : trimBlanks(environment[name] ?? '') || undefined;
  const file = trimBlanks(environment[`${name}_FILE`] ?? '') || undefined;
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
    mistakes.push(`${name}_FILE names ${file}, which cannot be read: ${readTrouble(cause)}.`);
    return undefined;
  }
}

/** Quotes the value unless it is a secret or, like a URL, may contain one. */
function valueIn({ secret }: Setting<unknown>, text: string | undefined): string {
  return text === undefined || secret || text.includes('@') ? '' : `${quoteText(text)} `;
}

/** Returns the names that look like settings but are not, each with the setting that was probably meant. */
function foreignNames(environment: Environment): { readonly name: string; readonly meant: string | undefined }[] {
  const known = Object.values(settingsTable).flatMap(({ name }) => [name, `${name}_FILE`]);
  return Object.keys(environment)
    .filter((name) => name.startsWith(prefix) && !known.includes(name))
    .map((name) => ({ name, meant: nearMiss(name, known) }));
}

/** Names that people guess, and the settings that they mean. */
const guesses: Readonly<Record<string, keyof Settings>> = {
  DATABASE: 'databaseUrl',
  DB: 'databaseUrl',
  DB_URL: 'databaseUrl',
  DATA: 'dataDir',
  DATA_PATH: 'dataDir',
  BASE_URL: 'publicUrl',
  EXTERNAL_URL: 'publicUrl',
  BIND: 'listen',
  LISTEN_ADDRESS: 'listen',
};

/**
 * Returns the setting that a mistyped name probably means. Other programs use such names too: Kubernetes sets
 * `RINGUP_SERVICE_HOST` for a service called `ringup`.
 */
function nearMiss(name: string, known: readonly string[]): string | undefined {
  const rest = name.slice(prefix.length);
  const guessed = Object.hasOwn(guesses, rest) ? guesses[rest] : undefined;
  if (guessed !== undefined) return settingsTable[guessed].name;
  const [closest] = known
    .map((each) => ({ each, distance: editDistance(rest.toUpperCase(), each.slice(prefix.length)) }))
    .sort((a, b) => a.distance - b.distance);
  if (closest !== undefined && closest.distance <= Math.max(2, Math.ceil(rest.length / 5))) return closest.each;
  // A name that is only the last word of exactly one setting, as in `RINGUP_DOMAIN`.
  const ending = known.filter((each) => each.endsWith(`_${rest}`));
  return ending.length === 1 ? ending[0] : undefined;
}

function misspelt(name: string, meant: string): string {
  return `${visibleText(name)} is not a setting: did you mean ${meant}?`;
}

function changingNothing(names: readonly string[]): string {
  const listed = names.toSorted().map(visibleText).join(', ');
  return names.length === 1
    ? `${listed} is not a setting of Ringup and changes nothing.`
    : `${listed} are not settings of Ringup and change nothing.`;
}
