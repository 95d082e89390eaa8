import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Settings } from 'typebox/system';
import { aboutValue } from '../errors/quote-text.ts';
import { invalidFields } from '../errors.ts';

type Validator = ReturnType<typeof Compile>;
type Problem = ReturnType<Validator['Errors']>[number];

// By default 8, so that among eight unknown fields none is named. Requests have at most 100 fields and 2,000 list items.
Settings.Set({ maxErrors: 2_500 });

const compiled = new WeakMap<TSchema, Validator>();

/**
 * Checks `value` against `schema`. Returns messages by field (`""` is the value itself), or undefined if nothing is
 * wrong. Values are not converted, and unknown fields are mistakes.
 */
export function checkShape(schema: TSchema, value: unknown): Record<string, string[]> | undefined {
  let validator = compiled.get(schema);
  if (validator === undefined) {
    validator = Compile(schema);
    compiled.set(schema, validator);
  }
  return validator.Check(value) ? undefined : messagesByField(schema, value, validator.Errors(value));
}

/** Returns the value with the type of `schema`. Throws all mistakes by field. */
export function requireShape<T extends TSchema>(schema: T, value: unknown): Static<T> {
  const mistakes = checkShape(schema, value);
  if (mistakes !== undefined) throw invalidFields(mistakes);
  return value as Static<T>;
}

/**
 * Returns a schema whose value may also be null, as one JSON Schema type instead of a union, so that messages stay
 * readable.
 */
export function nullable<T extends TSchema & { type: string }>(schema: T) {
  return Type.Unsafe<Static<T> | null>({ ...schema, type: [schema.type, 'null'] });
}

function messagesByField(schema: TSchema, value: unknown, problems: readonly Problem[]): Record<string, string[]> {
  // A map, because a hostile field may be called `constructor` or `__proto__`.
  const messages = new Map<string, string[]>();
  const add = (field: string, message: string): void => {
    const known = messages.get(field) ?? [];
    if (!known.includes(message)) messages.set(field, [...known, message]);
  };
  const about = ({ instancePath, schemaPath }: Problem, complaint: string): string => {
    const wrong = at(value, instancePath);
    return typeof wrong === 'string' && !isSecret(at(schema, schemaPath)) ? aboutValue(wrong, complaint) : complaint;
  };
  for (const problem of problems) {
    const field = fieldOf(problem.instancePath);
    switch (problem.keyword) {
      case 'required':
        for (const name of problem.params.requiredProperties) add(join(field, name), 'is required');
        break;
      case 'additionalProperties':
        for (const name of problem.params.additionalProperties) add(join(field, name), 'is not a known field');
        break;
      case 'enum':
        add(field, about(problem, `must be one of ${problem.params.allowedValues.map(String).join(', ')}`));
        break;
      case 'pattern':
        add(field, about(problem, `must match ${problem.params.pattern}${exampleIn(at(schema, problem.schemaPath))}`));
        break;
      case 'boolean':
        break;
      default:
        add(field, problem.message);
    }
  }
  return Object.fromEntries(messages);
}

/** Returns `, such as …` if the schema has `examples`. */
function exampleIn(schema: unknown): string {
  const examples: unknown = typeof schema === 'object' && schema !== null ? Reflect.get(schema, 'examples') : undefined;
  return Array.isArray(examples) ? `, such as ${examples[0]}` : '';
}

function isSecret(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && Reflect.get(schema, 'writeOnly') === true;
}

/** Returns the value at a JSON pointer. */
function at(value: unknown, pointer: string): unknown {
  let part = value;
  for (const name of namesIn(pointer)) {
    part = typeof part === 'object' && part !== null ? Reflect.get(part, name) : undefined;
  }
  return part;
}

function namesIn(pointer: string): string[] {
  const names = pointer.split('/').slice(1);
  return names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** JSON pointer → dotted name; an element of a list is reported under the list. */
function fieldOf(pointer: string): string {
  return namesIn(pointer)
    .filter((name) => !/^\d+$/.test(name))
    .join('.');
}

function join(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`;
}
