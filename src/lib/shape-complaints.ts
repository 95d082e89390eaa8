import { isDeepStrictEqual } from 'node:util';
import type { TSchema } from 'typebox';
import type { TLocalizedValidationError as Problem } from 'typebox/error';
import { aboutValue, type Complaint } from '../errors/complaints.ts';
import { isPatternMeaning, type PatternMeaning } from '../errors/field-complaints.ts';

/** Returns the errors that TypeBox found in `value`, as complaints by field. */
export function complaintsByField(
  schema: TSchema,
  value: unknown,
  problems: readonly Problem[],
): Record<string, Complaint[]> {
  // A map, because a hostile field may be called `constructor` or `__proto__`.
  const complaints = new Map<string, Complaint[]>();
  const add = (field: string, complaint: Complaint): void => {
    const known = complaints.get(field) ?? [];
    if (!known.some((each) => isDeepStrictEqual(each, complaint))) complaints.set(field, [...known, complaint]);
  };
  for (const problem of problems) {
    const field = fieldOf(problem.instancePath);
    const broken = at(schema, problem.schemaPath);
    switch (problem.keyword) {
      case 'required':
        for (const name of problem.params.requiredProperties) add(join(field, name), { code: 'required' });
        break;
      case 'additionalProperties':
        for (const name of problem.params.additionalProperties) add(join(field, name), { code: 'unknown-field' });
        break;
      case 'type':
        add(field, aboutOther(at(value, problem.instancePath), complaintOf(problem, broken)));
        break;
      case 'enum':
      case 'pattern':
        add(field, aboutText(at(value, problem.instancePath), broken, complaintOf(problem, broken)));
        break;
      // Left out, because `additionalProperties` reports the same.
      case 'boolean':
        break;
      default:
        add(field, complaintOf(problem, broken));
    }
  }
  return Object.fromEntries(complaints);
}

function complaintOf(problem: Problem, schema: unknown): Complaint {
  switch (problem.keyword) {
    case 'enum':
      return { code: 'not-one-of', allowed: problem.params.allowedValues.map(String) };
    case 'pattern':
      return {
        code: 'no-match',
        pattern: String(problem.params.pattern),
        ...meaningOf(schema),
        example: exampleIn(schema),
      };
    case 'type':
      return { code: 'wrong-type', types: [problem.params.type].flat() };
    case 'minLength':
      return { code: 'too-short', min: problem.params.limit };
    case 'maxLength':
      return { code: 'too-long', max: problem.params.limit };
    case 'minItems':
      return { code: 'too-few', min: problem.params.limit };
    case 'maxItems':
      return { code: 'too-many', max: problem.params.limit };
    case 'uniqueItems':
      return { code: 'duplicates' };
    case 'minimum':
      return { code: 'below-minimum', min: Number(problem.params.limit) };
    case 'maximum':
      return { code: 'above-maximum', max: Number(problem.params.limit) };
    default:
      return { code: 'wrong-form', keyword: problem.keyword };
  }
}

function aboutText(value: unknown, schema: unknown, complaint: Complaint): Complaint {
  const isSecret = isRecord(schema) && schema.writeOnly === true;
  return typeof value === 'string' && !isSecret ? aboutValue(value, complaint) : complaint;
}

const plainTypes: readonly string[] = ['boolean', 'integer', 'number', 'null'];

/** Quotes a text where a number or a boolean was expected, because these are never secrets. */
function aboutOther(value: unknown, complaint: Complaint): Complaint {
  const isPlain = complaint.code === 'wrong-type' && complaint.types.every((type) => plainTypes.includes(type));
  return isPlain && typeof value === 'string' ? aboutValue(value, complaint) : complaint;
}

function exampleIn(schema: unknown): string | undefined {
  return isRecord(schema) && Array.isArray(schema.examples) ? String(schema.examples[0]) : undefined;
}

function meaningOf(schema: unknown): { readonly means?: PatternMeaning } {
  return isRecord(schema) && isPatternMeaning(schema['x-means']) ? { means: schema['x-means'] } : {};
}

function at(value: unknown, pointer: string): unknown {
  let part = value;
  for (const name of namesIn(pointer)) part = isRecord(part) ? part[name] : undefined;
  return part;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function namesIn(pointer: string): string[] {
  const names = pointer.split('/').slice(1);
  return names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Converts a JSON pointer to a dotted name. An element of a list is reported under the name of the list. */
function fieldOf(pointer: string): string {
  return namesIn(pointer)
    .filter((name) => !/^\d+$/.test(name))
    .join('.');
}

function join(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`;
}
