import type { TSchema } from 'typebox';
import { maxId } from '../lib/parse-id.ts';
import { failuresOf, phrase } from './failure-responses.ts';
import type { NamedSchemas, Schema } from './named-schemas.ts';
import { type EndpointFacts, type Face, isIdParameter, type Route } from './route.ts';

export interface OperationDescription {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly 'x-caller': string;
  readonly security: readonly Readonly<Record<string, readonly never[]>>[];
  readonly parameters?: readonly object[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

/** Returns the description of a route for the OpenAPI document. */
export function describeOperation(face: Face, route: Route, schemas: NamedSchemas): OperationDescription {
  const { method, caller, tag, path, endpoint } = route;
  const { summary, description } = endpoint;
  const parameters = [...pathParameters(path), ...queryParameters(endpoint, schemas)];
  const requestBody = requestBodyOf(endpoint, schemas);
  return {
    operationId: operationId(method.toLowerCase(), path),
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [tag],
    'x-caller': caller,
    security: securityOf(route),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: { ...successes(endpoint, schemas), ...failuresOf(route, face.failureFormat) },
  };
}

/** Returns `getAccountsByIdTokens` for `GET /api/accounts/:id/tokens`. */
function operationId(method: string, path: string): string {
  const parts = path.replace(/^\/api(?=\/)/, '').split(/[^A-Za-z:]+/);
  const words = parts.map((part) => (part.startsWith(':') ? `By${capital(part.slice(1))}` : capital(part)));
  return `${method}${words.join('') || 'Home'}`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Returns the ways to sign in. Digest gives the rights of a user, never those of an administrator. */
function securityOf({ caller, endpoint: { withoutCookie, forDevices } }: Route): Record<string, never[]>[] {
  if (caller === 'anyone') return [];
  return [
    { apiKey: [] },
    ...(withoutCookie === true ? [] : [{ cookie: [] }]),
    ...(caller === 'user' || caller === 'holder' ? [{ digest: [] }] : []),
    ...(forDevices === true ? [{ deviceKey: [] }] : []),
  ];
}

const id = { type: 'integer', minimum: 1, maximum: maxId };
const uuid = { type: 'string', pattern: '^(urn:uuid:)?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$' };

/** Schemas of path parameters that are more than an id or a plain text. */
const shapes: Readonly<Record<string, Schema>> = { deviceId: { anyOf: [id, uuid] } };

function pathParameters(path: string): object[] {
  return [...path.matchAll(/:(\w+)/g)].map(([part, name]) => ({
    in: 'path',
    name,
    required: true,
    schema: isIdParameter(part) ? id : (shapes[name ?? ''] ?? { type: 'string', minLength: 1 }),
  }));
}

function queryParameters({ query, readsQuery }: EndpointFacts, schemas: NamedSchemas): object[] {
  return [query, readsQuery].flatMap((shape) =>
    Object.entries(propertiesOf(shape)).map(([name, property]) => {
      const { description, ...schema } = schemas.refer(property);
      return {
        in: 'query',
        name,
        required: requiredOf(shape).includes(name),
        ...(description === undefined ? {} : { description }),
        schema,
      };
    }),
  );
}

function requestBodyOf({ body, form, takes }: EndpointFacts, schemas: NamedSchemas): object | undefined {
  if (takes !== undefined) {
    return { required: true, content: Object.fromEntries(takes.map((type) => [type, { schema: { type: 'string' } }])) };
  }
  const shape = body ?? form;
  if (shape === undefined) return undefined;
  const type = body === undefined ? 'application/x-www-form-urlencoded' : 'application/json';
  return { required: requiredOf(shape).length > 0, content: { [type]: { schema: schemas.refer(shape) } } };
}

function successes(endpoint: EndpointFacts, schemas: NamedSchemas): Record<string, object> {
  const { status = 200, otherStatus = status, produces } = endpoint;
  const json = schemas.refer(endpoint.answer ?? nothing);
  const content = Object.fromEntries(
    (produces ?? [jsonType]).map((type) => [type, { schema: type === jsonType ? json : textOrBytes(type) }]),
  );
  return Object.fromEntries([status, otherStatus].map((each) => [each, { description: phrase(each), content }]));
}

const jsonType = 'application/json';

/** The schema for a handler that returns nothing. */
const nothing = { type: 'object', title: 'Nothing', properties: {}, additionalProperties: false };

function textOrBytes(type: string): Schema {
  return type === 'image/png' || type === 'image/jpeg' ? { type: 'string', format: 'binary' } : { type: 'string' };
}

function propertiesOf(shape: TSchema | undefined): Readonly<Record<string, TSchema>> {
  return shape !== undefined && 'properties' in shape ? (shape.properties as Readonly<Record<string, TSchema>>) : {};
}

function requiredOf(shape: TSchema | undefined): readonly string[] {
  return shape !== undefined && 'required' in shape ? (shape.required as readonly string[]) : [];
}
