import type { Complaint } from '../errors/complaints.ts';

/** Spaces of every kind, line ends, and characters without a width, which often come with copied text. */
const blank = String.raw`[\s\u200b-\u200f\u2060\ufeff]`;
const leading = new RegExp(`^${blank}+`);
// The lookbehind prevents quadratic time for a long run of spaces inside a text.
const trailing = new RegExp(`(?<!${blank})${blank}+$`);

/**
 * Removes spaces at both ends. Nobody types them on purpose, and Linphone drops those at the end of a value when it
 * restarts.
 */
export function trimBlanks(text: string): string {
  return text.replace(leading, '').replace(trailing, '');
}

/**
 * Returns the object with spaces removed at the ends of its texts. Texts whose schema has `x-verbatim` stay as they
 * are: passwords, HA1s and whole linphonerc texts.
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

/** Returns the complaint about a value that has spaces at its ends, although it must not. */
export function checkEnds(value: string): Complaint | undefined {
  return /^ | $/.test(value) ? { code: 'space-at-an-end' } : undefined;
}
