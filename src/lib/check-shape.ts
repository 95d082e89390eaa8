import { createRequire } from 'node:module';
import { type Static, type TSchema, Type } from 'typebox';
import type * as Compiler from 'typebox/compile';
import { Settings } from 'typebox/system';
import type { Complaint } from '../errors/complaints.ts';
import { invalidFields } from '../errors.ts';
import { onceFor } from './once-for.ts';
import { complaintsByField } from './shape-complaints.ts';
import { isVerbatim, trimFields } from './trim-blanks.ts';

const require = createRequire(import.meta.url);
const validatorOf = onceFor((schema: TSchema) => compiler().Compile(schema));

// The default is 8 errors. Eight unknown fields would use them up before the error that names the fields. Requests have
// at most 100 fields and 2,000 list items.
Settings.Set({ maxErrors: 2_500 });

/**
 * Returns the schema compiler. The first call loads it, because it is not needed by commands that only print or by
 * phones.
 */
export function compiler(): typeof Compiler {
  return require('typebox/compile');
}

/**
 * Checks `value` against `schema`. Returns complaints by field (`""` is the value itself), or undefined if nothing is
 * wrong. Values are not converted, and unknown fields are mistakes.
 */
export function checkShape(schema: TSchema, value: unknown): Record<string, Complaint[]> | undefined {
  const validator = validatorOf(schema);
  return validator.Check(value) ? undefined : complaintsByField(schema, value, validator.Errors(value));
}

/** Checks like `checkShape` the fields that somebody sent to have them stored. Also complains about U+0000 in texts. */
export function checkFields(schema: TSchema, value: unknown): Record<string, Complaint[]> | undefined {
  return checkShape(schema, value) ?? nulsIn(schema, value);
}

/**
 * Returns the value with the type of `schema`, and its texts without spaces at the ends. Throws all mistakes by field.
 */
export function requireShape<T extends TSchema>(schema: T, value: unknown): Static<T> {
  const trimmed = trimFields(schema, value);
  const mistakes = checkFields(schema, trimmed);
  if (mistakes !== undefined) throw invalidFields(mistakes);
  return trimmed as Static<T>;
}

/**
 * Finds U+0000 in texts: PostgreSQL cannot store it and refuses to search for it. Texts with `x-verbatim` have checks
 * of their own.
 */
function nulsIn(schema: TSchema, value: unknown): Record<string, Complaint[]> | undefined {
  const properties: object = Reflect.get(schema, 'properties') ?? {};
  const wrong = Object.entries(typeof value === 'object' && value !== null ? value : {})
    .filter(([name]) => Object.hasOwn(properties, name) && !isVerbatim(Reflect.get(properties, name)))
    .filter(([, field]) => [field].flat().some((text) => typeof text === 'string' && text.includes('\0')))
    .map(([name]): [string, Complaint[]] => [name, [{ code: 'forbidden-character', charCode: 0 }]]);
  return wrong.length === 0 ? undefined : Object.fromEntries(wrong);
}

/**
 * Returns a schema that also allows null. It is a single schema with two types instead of a union, so that messages
 * stay readable.
 */
export function nullable<T extends TSchema & { type: string }>(schema: T) {
  return Type.Unsafe<Static<T> | null>({ ...schema, type: [schema.type, 'null'] });
}
