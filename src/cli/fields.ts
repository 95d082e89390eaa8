import { readFile } from 'node:fs/promises';
import type { TProperties } from 'typebox';
import { type Complaint, complaintSentence } from '../errors/complaints.ts';
import { quoteText, visibleText } from '../errors/quote-text.ts';
import { AppError } from '../errors.ts';
import { closestName } from '../lib/closest-name.ts';
import { fieldOfText } from '../lib/field-of-text.ts';
import { readTrouble } from '../lib/file-trouble.ts';
import { trimBlanks } from '../lib/trim-blanks.ts';
import { decodeLinphonerc, withoutMark } from '../lpconfig/read-linphonerc.ts';
import { settingEntries } from '../spaces/setting-values.ts';
import type { FromFile } from '../spaces/space-setting.ts';

/**
 * The space settings that can be read from a file, as in `linphonerc=@FILE`. The linphonerc of an account can be too.
 */
export const fileSettings: ReadonlyMap<string, FromFile> = new Map(
  settingEntries.flatMap(({ name, setting: { fromFile } }) => (fromFile === undefined ? [] : [[name, fromFile]])),
);

/**
 * Reads `KEY=VALUE` words as fields. Each value gets the type that `properties` declare: `true` or `false`, a number, a
 * list (commas or JSON), or null (empty or `null`). Without a value, a key that cannot be null takes its default, if it
 * has one. A value that does not fit stays text, and the shape refuses it.
 */
export async function readFields(
  properties: TProperties,
  words: readonly string[],
  defaultOf: (key: string) => unknown = () => undefined,
): Promise<Record<string, unknown>> {
  const fields = new Map<string, unknown>();
  for (const word of words) {
    const [, name, text] = /^([^=]*)=(.*)$/s.exec(word) ?? [];
    const key = trimBlanks(name ?? '');
    if (name === undefined || text === undefined) throw usage(`${quoteText(word)} is not KEY=VALUE.`);
    const schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (schema === undefined) throw usage(unknownKey(key, Object.keys(properties)));
    if (fields.has(key)) throw usage(`The key ${quoteText(key)} is given twice.`);
    const fromFile = text.startsWith('@') ? fileSettings.get(key) : undefined;
    const value = fromFile === undefined ? fieldOfText(text, schema) : await readSettingFile(text.slice(1), fromFile);
    fields.set(key, trimBlanks(text) === '' && value !== null ? (defaultOf(key) ?? value) : value);
  }
  return Object.fromEntries(fields);
}

/** Returns the record without its undefined fields. */
export function given<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof given<T>
  >;
}

/**
 * Reads options with a rule that the API shares. If the rule refuses a field, throws wrong usage of the option that
 * `words` gives for it, by default of the option with the same name.
 */
export function readOptions<T>(read: () => T, words: Readonly<Record<string, string>> = {}): T {
  try {
    return read();
  } catch (cause) {
    const refused = cause instanceof AppError ? cause.factsOf('fields-invalid') : undefined;
    if (refused === undefined) throw cause;
    const mistakes = Object.entries(refused.fields).flatMap(([name, [first]]) =>
      first === undefined ? [] : `${words[name] ?? `--${name}`} ${complaintSentence(inWords(first, words))}.`,
    );
    throw usage(mistakes.join('\n'), cause);
  }
}

/** Puts the option's name in place of the other field that a complaint names. */
function inWords(complaint: Complaint, words: Readonly<Record<string, string>>): Complaint {
  return 'other' in complaint ? { ...complaint, other: words[complaint.other] ?? complaint.other } : complaint;
}

function unknownKey(key: string, names: readonly string[]): string {
  const closest = closestName(key, names);
  const hint = closest === undefined ? `; the keys are ${names.join(', ')}.` : `: did you mean ${closest}?`;
  return `There is no key ${quoteText(key)}${hint}`;
}

async function readSettingFile(file: string, wanted: FromFile): Promise<string> {
  try {
    const bytes = await readFile(file);
    if (wanted === 'base64') return bytes.toString('base64');
    const text = withoutMark(decodeLinphonerc(bytes, file));
    return wanted === 'line' ? text.trimEnd() : text;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw usage(`${visibleText(file)} cannot be read: ${readTrouble(cause)}.`, cause);
  }
}

function usage(complaint: string, cause?: unknown): AppError {
  return new AppError('usage-wrong', { complaint }, { cause });
}
