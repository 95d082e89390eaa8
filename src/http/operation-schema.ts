import { Type } from 'typebox';
import { STATUS_CODES } from './node-http.ts';
import type { EndpointFacts, Route } from './route.ts';

const failure = Type.Object(
  {
    message: Type.String({ description: 'A sentence that people can read.' }),
    code: Type.String({ description: 'A stable code for programs.' }),
    errors: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.String()), { description: 'What is wrong with each field.' }),
    ),
  },
  { additionalProperties: false },
);

/** Returns Fastify's schema of a route, which checks its requests and describes it in the OpenAPI document. */
export function operationSchema(route: Route, failureType: 'application/json' | 'text/plain') {
  const { caller, tag, endpoint } = route;
  const { summary, description, body, query } = endpoint;
  return {
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [tag],
    'x-caller': caller,
    security: securityOf(route),
    ...(body === undefined ? {} : { body }),
    ...(query === undefined ? {} : { querystring: query }),
    response: { ...successes(endpoint), ...failures(route, failureType) },
  };
}

/** Digest gives a user's rights, never an administrator's. */
function securityOf({ caller, endpoint: { withoutCookie, forDevices } }: Route): Record<string, never[]>[] {
  if (caller === 'anyone') return [];
  return [
    { apiKey: [] },
    ...(withoutCookie === true ? [] : [{ cookie: [] }]),
    ...(caller === 'user' || caller === 'holder' ? [{ digest: [] }] : []),
    ...(forDevices === true ? [{ deviceKey: [] }] : []),
  ];
}

function successes({ status = 200, otherStatus = status, answer, produces }: EndpointFacts) {
  const content = produces?.map((type) => [type, { schema: Type.String() }] as const);
  const told = content === undefined ? answer : { description: phrase(status), content: Object.fromEntries(content) };
  return told === undefined ? { [status]: described(status) } : { [status]: told, [otherStatus]: told };
}

function failures(route: Route, failureType: 'application/json' | 'text/plain') {
  const schema = failureType === 'application/json' ? failure : Type.String();
  return Object.fromEntries(
    failureStatuses(route).map((status) => [status, { ...described(status), content: { [failureType]: { schema } } }]),
  );
}

function failureStatuses({ caller, path, endpoint: { body, query } }: Route): number[] {
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
