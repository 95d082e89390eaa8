import { readFile } from 'node:fs/promises';
import type { TProperties } from 'typebox';
import { quoteText } from '../errors/quote-text.ts';
import { AppError } from '../errors.ts';
import { closestName } from '../lib/closest-name.ts';
import { decodeLinphonerc } from '../lpconfig/read-linphonerc.ts';
import { settingEntries } from '../spaces/setting-values.ts';

/** The settings of a space that can be read from a file, as in `linphonerc=@FILE`. */
export const fileSettings: ReadonlyMap<string, 'text' | 'line'> = new Map(
  settingEntries.flatMap(({ name, setting: { fromFile } }) => (fromFile === undefined ? [] : [[name, fromFile]])),
);

/**
 * Reads `KEY=VALUE` words as fields. Each value gets the type that `properties` declare: `true` or `false`, a number, a
 * list (commas or JSON), or null (empty or `null`). A value that does not fit stays text, and the shape refuses it.
 */
export async function readFields(properties: TProperties, words: readonly string[]): Promise<Record<string, unknown>> {
  const fields = new Map<string, unknown>();
  for (const word of words) {
    const [, key, text] = /^([^=]*)=(.*)$/s.exec(word) ?? [];
    if (key === undefined || text === undefined) throw usage(`${quoteText(word)} is not KEY=VALUE.`);
    const schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (schema === undefined) throw usage(unknownKey(key, Object.keys(properties)));
    if (fields.has(key)) throw usage(`The key ${quoteText(key)} is given twice.`);
    const fromFile = text.startsWith('@') ? fileSettings.get(key) : undefined;
    fields.set(key, fromFile === undefined ? convert(text, schema) : await readFileText(text.slice(1), fromFile));
  }
  return Object.fromEntries(fields);
}

/** Returns the record without its undefined fields. */
export function given<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof given<T>
  >;
}

/** Reads options by a rule that the API shares. A field that it refuses is wrong usage of the option of the same name. */
export function readOptions<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.fields === undefined) throw cause;
    const mistakes = Object.entries(cause.fields).map(([name, [first]]) => `--${name} ${first}.`);
    throw usage(mistakes.join('\n'), cause);
  }
}

function convert(text: string, schema: object): unknown {
  const types = 'type' in schema ? [schema.type].flat() : [];
  if (types.includes('null') && (text === '' || text === 'null')) return null;
  if (types.includes('boolean')) return text === 'true' ? true : text === 'false' ? false : text;
  if (types.includes('integer')) return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
  if (types.includes('array')) return listOf(text);
  return text;
}

function listOf(text: string): unknown {
  if (!text.startsWith('[')) return text === '' ? [] : text.split(',').map((each) => each.trim());
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function unknownKey(key: string, names: readonly string[]): string {
  const closest = closestName(key, names);
  const hint = closest === undefined ? `; the keys are ${names.join(', ')}.` : `: did you mean ${closest}?`;
  return `There is no key ${quoteText(key)}${hint}`;
}

async function readFileText(file: string, wanted: 'text' | 'line'): Promise<string> {
  try {
    const text = decodeLinphonerc(await readFile(file), file);
    return wanted === 'line' ? text.trimEnd() : text;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw usage(`The file cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, cause);
  }
}

function usage(complaint: string, cause?: unknown): AppError {
  return new AppError('usage-wrong', { complaint }, { cause });
}
