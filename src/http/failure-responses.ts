import { Type } from 'typebox';
import type { NamedSchemas } from './named-schemas.ts';
import { STATUS_CODES } from './node-http.ts';
import type { Face, Route } from './route.ts';

const failure = Type.Object(
  {
    message: Type.String({ description: 'A sentence that people can read.' }),
    code: Type.String({ description: 'A stable code for programs.' }),
    errors: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.String()), { description: 'What is wrong with each field.' }),
    ),
  },
  { additionalProperties: false, title: 'Failure' },
);

type FailureFormat = Face['failureFormat'];

const contentTypes: Readonly<Record<FailureFormat, readonly string[]>> = {
  json: ['application/json'],
  text: ['text/plain'],
  page: ['text/plain', 'text/html'],
};
const formats = Object.keys(contentTypes) as FailureFormat[];
const statuses = [400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503];
/** Node.js sends these before a face sees the request: 431 on every route, and 400 if the request cannot be read. */
const headersTooLarge = 431;
const unreadable = 400;

/** Returns all failures by name, for the components of the OpenAPI document. */
export function failureResponses(schemas: NamedSchemas): Record<string, object> {
  const ofFaces = formats.flatMap((format) => statuses.map((status) => [status, format] as const));
  const all = [...ofFaces, [headersTooLarge, 'json'] as const];
  return Object.fromEntries(
    all.map(([status, format]) => [
      nameOf(status, format),
      {
        description: phrase(status),
        content: Object.fromEntries(typesOf(status, format).map((type) => [type, { schema: schemaOf(type, schemas) }])),
      },
    ]),
  );
}

function typesOf(status: number, format: FailureFormat): readonly string[] {
  return [...new Set([...contentTypes[format], ...(status === unreadable ? contentTypes.json : [])])];
}

function schemaOf(type: string, schemas: NamedSchemas) {
  return type === 'application/json' ? schemas.refer(failure) : { type: 'string' };
}

/** Returns references to the failures of a route, by status. */
export function failuresOf(route: Route, format: FailureFormat): Record<string, object> {
  const named = failureStatuses(route).map((status) => [status, nameOf(status, format)] as const);
  return Object.fromEntries(
    [...named, [headersTooLarge, nameOf(headersTooLarge, 'json')] as const].map(([status, name]) => [
      status,
      { $ref: `#/components/responses/${name}` },
    ]),
  );
}

function failureStatuses({ method, caller, path, endpoint }: Route): number[] {
  const isKnown = caller !== 'anyone';
  const readsBody = method === 'POST' || method === 'PUT';
  const readsFields = readsBody || endpoint.query !== undefined;
  const applying: Readonly<Record<number, boolean>> = {
    400: true,
    401: isKnown,
    403: isKnown || endpoint.refusesOtherSites === true,
    404: endpoint.mayBeMissing ?? path.includes(':'),
    409: endpoint.conflicts === true,
    413: readsFields,
    415: readsBody && endpoint.takes === undefined,
    422: readsFields,
    429: endpoint.limited === true,
    500: true,
    503: endpoint.needsNoDatabase !== true,
  };
  return statuses.filter((status) => applying[status]);
}

function nameOf(status: number, format: FailureFormat): string {
  const words = phrase(status).replace(/[^A-Za-z]/g, '');
  return `${words}${{ json: '', text: 'Text', page: 'Page' }[format]}`;
}

export function phrase(status: number): string {
  return STATUS_CODES[status] ?? String(status);
}
