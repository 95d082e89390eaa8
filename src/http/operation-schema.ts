import { STATUS_CODES } from 'node:http';
import { type TSchema, Type } from 'typebox';
import type { CallerPolicy } from '../access/caller.ts';

/** What the OpenAPI document tells of a route, and what its requests are checked by. */
interface Operation {
  readonly path: string;
  readonly caller: CallerPolicy;
  readonly summary: string;
  readonly description?: string;
  readonly withoutCookie?: boolean;
  readonly forDevices?: boolean;
  readonly status?: number;
  readonly otherStatus?: number;
  readonly body?: TSchema;
  readonly query?: TSchema;
  readonly answer?: TSchema;
  readonly produces?: readonly string[];
}

const failure = Type.Object(
  {
    message: Type.String({ description: 'A sentence for people.' }),
    code: Type.String({ description: 'Stable, for programs.' }),
    errors: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.String()), { description: 'What is wrong with each field.' }),
    ),
  },
  { additionalProperties: false },
);

/** Fastify's schema of a route. */
export function operationSchema(operation: Operation) {
  const { caller, summary, description, body, query } = operation;
  return {
    summary,
    description: [description, `Who may call: ${caller}.`].filter((each) => each !== undefined).join('\n\n'),
    security: securityOf(operation),
    ...(body === undefined ? {} : { body }),
    ...(query === undefined ? {} : { querystring: query }),
    response: { ...successes(operation), ...failures(operation) },
  };
}

/** Digest gives a user's rights, never an administrator's. */
function securityOf({ caller, withoutCookie, forDevices }: Operation): Record<string, never[]>[] {
  if (caller === 'anyone') return [];
  return [
    { apiKey: [] },
    ...(withoutCookie === true ? [] : [{ cookie: [] }]),
    ...(caller === 'user' || caller === 'holder' ? [{ digest: [] }] : []),
    ...(forDevices === true ? [{ deviceKey: [] }] : []),
  ];
}

function successes({ status = 200, otherStatus = status, answer, produces }: Operation) {
  const content = produces?.map((type) => [type, { schema: Type.String() }] as const);
  const told = content === undefined ? answer : { description: phrase(status), content: Object.fromEntries(content) };
  return told === undefined ? { [status]: described(status) } : { [status]: told, [otherStatus]: told };
}

function failures(operation: Operation) {
  const isApi = operation.path.startsWith('/api/');
  return Object.fromEntries(
    failureStatuses(operation).map((status) => [
      status,
      isApi
        ? { ...described(status), content: { 'application/json': { schema: failure } } }
        : { ...described(status), content: { 'text/plain': { schema: Type.String() } } },
    ]),
  );
}

function failureStatuses({ caller, path, body, query }: Operation): number[] {
  const isKnown = caller !== 'anyone';
  const statuses: readonly [boolean, number][] = [
    [true, 400],
    [isKnown, 401],
    [isKnown, 403],
    [path.includes(':'), 404],
    [body !== undefined, 413],
    [body !== undefined, 415],
    [body !== undefined || query !== undefined, 422],
    [true, 500],
    [true, 503],
  ];
  return statuses.filter(([applies]) => applies).map(([, status]) => status);
}

function described(status: number) {
  return { description: phrase(status) };
}

function phrase(status: number): string {
  return STATUS_CODES[status] ?? String(status);
}
