import assert from 'node:assert/strict';
import type { TSchema } from 'typebox';
import { checkShape } from '../../src/lib/check-shape.ts';
import type { Json } from './json.ts';

export interface Operation {
  /** For example `GET /api/accounts/{id}`. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly description: Json;
}

export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export function operationsOf(document: Json): Operation[] {
  return Object.entries<Json>(withoutReferences(document).paths).flatMap(([path, item]) =>
    Object.entries<Json>(item).map(([name, description]) => {
      const method = name.toUpperCase() as Operation['method'];
      return { name: `${method} ${path}`, method, path, description };
    }),
  );
}

/** Returns a URL of the operation whose parameters refer to nothing that exists. */
export function addressOf({ path, description }: Pick<Operation, 'path' | 'description'>, word = 'nobody'): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const { schema } = description.parameters.find((each: Json) => each.in === 'path' && each.name === name);
    return schema.type === 'integer' ? '999999' : word;
  });
}

/** Fails if the document does not describe this answer of the operation. */
export function assertDescribed({ name, description }: Operation, { statusCode, headers, body }: Answer): void {
  const told = `${name}: ${statusCode} ${body.slice(0, 200)}`;
  const declared = description.responses[statusCode];
  assert.ok(declared !== undefined, told);
  const type = String(headers['content-type']).split(';')[0] ?? '';
  const schema: TSchema | undefined = declared.content?.[type]?.schema;
  assert.ok(schema !== undefined, `${told}: ${type} is not declared`);
  if (type === 'application/json') assert.equal(checkShape(schema, JSON.parse(body)), undefined, told);
}

/** Returns an OpenAPI document with its references replaced by what they refer to. Fails if one refers to nothing. */
export function withoutReferences(document: Json): Json {
  const read = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(read);
    if (typeof value !== 'object' || value === null) return value;
    if (typeof value.$ref !== 'string')
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, read(each)]));
    const [start, ...parts] = value.$ref.split('/');
    const found = parts.reduce((each: Json, part: string) => each?.[part], document);
    assert.ok(start === '#' && found !== undefined, value.$ref);
    return read(found);
  };
  return read(document);
}
