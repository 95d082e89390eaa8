import { isDeepStrictEqual } from 'node:util';
import { type TSchema, Type } from 'typebox';
import { invalidFields } from '../errors.ts';

interface ObjectSchema {
  readonly properties: Readonly<Record<string, TSchema>>;
}

/** Returns the fields that an answer shows and a request cannot change. Requests may contain them nevertheless. */
export function readOnlyFields(answer: ObjectSchema, changes: ObjectSchema): Record<string, TSchema> {
  const names = Object.keys(answer.properties).filter((name) => !Object.hasOwn(changes.properties, name));
  return Object.fromEntries(names.map((name) => [name, Type.Optional(Type.Unknown({ readOnly: true }))]));
}

/**
 * Returns the fields of a body that can change something, so that a program may send back the object that it received.
 * Throws if another field differs from its current value in `shown`.
 */
export function withoutReadOnly<Body extends object, Changes>(
  body: Body,
  readOnly: Readonly<Record<string, TSchema>>,
  shown: Readonly<Record<string, unknown>>,
): Changes {
  const isReadOnly = (name: string): boolean => Object.hasOwn(readOnly, name);
  const wrong = Object.entries(body).filter(
    ([name, value]) => isReadOnly(name) && !isDeepStrictEqual(value, shown[name]),
  );
  if (wrong.length > 0) {
    throw invalidFields(Object.fromEntries(wrong.map(([name]) => [name, [{ code: 'read-only' }]])));
  }
  return Object.fromEntries(Object.entries(body).filter(([name]) => !isReadOnly(name))) as Changes;
}
