import type { Complaint } from '../errors/complaints.ts';

/** Spaces of every kind, line ends, and characters without width, which copied text brings along. */
const blank = String.raw`[\s\u200b-\u200f\u2060\ufeff]`;
const leading = new RegExp(`^${blank}+`);
// The lookbehind keeps a long run of spaces within a text from taking quadratic time.
const trailing = new RegExp(`(?<!${blank})${blank}+$`);

/** Removes spaces at both ends: nobody types them on purpose, and a restarted Linphone drops those at the end of a value. */
export function trimBlanks(text: string): string {
  return text.replace(leading, '').replace(trailing, '');
}

/**
 * Returns the fields of an object without spaces at their ends. A schema with `x-verbatim` takes a text as it is:
 * passwords, HA1s and whole linphonerc texts.
 */
export function trimFields<T>(schema: object, value: T): T {
  if (!isRecord(value) || !('properties' in schema) || !isRecord(schema.properties)) return value;
  const { properties } = schema;
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    Object.hasOwn(properties, name) ? trimField(properties[name], field) : field,
  ]);
  return Object.fromEntries(fields);
}

function trimField(schema: unknown, field: unknown): unknown {
  if (!isRecord(schema) || isVerbatim(schema) || schema.readOnly === true) return field;
  if (Array.isArray(field)) return field.map((each) => (typeof each === 'string' ? trimBlanks(each) : each));
  return typeof field === 'string' ? trimBlanks(field) : field;
}

export function isVerbatim(schema: unknown): boolean {
  return isRecord(schema) && schema['x-verbatim'] === true;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns what is wrong with a value that cannot have spaces at its ends. */
export function checkEnds(value: string): Complaint | undefined {
  return /^ | $/.test(value) ? { code: 'space-at-an-end' } : undefined;
}
