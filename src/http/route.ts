import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { Caller, CallerPolicy } from '../access/caller.ts';
import type { App } from '../app.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';

/** What an endpoint is handed. `Who`: the caller, or undefined on a route that anyone may call. */
export interface EndpointInput<Names extends string, Who, Body, Query> {
  readonly app: App;
  readonly caller: Who;
  readonly params: Readonly<Record<Names, string>>;
  readonly query: Query;
  readonly body: Body;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What the manual tells of an endpoint, and how its requests are checked. */
export interface EndpointFacts {
  /** One line for the manual. */
  readonly summary: string;
  readonly description?: string;
  /** A GET that changes something: no HEAD beside it. */
  readonly changes?: boolean;
  /** Not to be reached by a cookie at all. */
  readonly withoutCookie?: boolean;
  /** The key of a device opens it, and `?device=` names one. */
  readonly forDevices?: boolean;
  readonly status?: number;
  /** Another status of success, which the handler sets itself. */
  readonly otherStatus?: number;
  /** The largest body that is read, in bytes; by default 4 KiB where anyone may call, else 64 KiB. */
  readonly maxBodyBytes?: number;
  readonly body?: TSchema;
  readonly query?: TSchema;
  /** What a success answers, for the manual. */
  readonly answer?: TSchema;
  /** The content types of a success that is not JSON, for the manual. */
  readonly produces?: readonly string[];
}

/** An endpoint as routes take it: which parameters its path must have, and whether it needs a caller. */
export interface Endpoint<Names extends string = never, Who = unknown> extends EndpointFacts {
  /** Returns the value to send as JSON, or sends a reply of another kind itself and returns `sent`. */
  readonly handle: (input: EndpointInput<Names, Who, unknown, unknown>) => unknown;
}

interface Definition<Names extends string, Who, Body extends TSchema, Query extends TSchema> extends EndpointFacts {
  /** The parameters of the path that the handler reads: what routes are checked by at compile time. */
  readonly params?: readonly Names[];
  readonly body?: Body;
  readonly query?: Query;
  handle(input: EndpointInput<Names, Who, Static<Body>, Static<Query>>): unknown;
}

/** An endpoint for known callers. */
export function endpoint<
  const Names extends string = never,
  Body extends TSchema = TSchema,
  Query extends TSchema = TSchema,
>(definition: Definition<Names, Caller, Body, Query>): Endpoint<Names, Caller> {
  return erased(definition);
}

/** An endpoint that anyone may call. */
export function openEndpoint<
  const Names extends string = never,
  Body extends TSchema = TSchema,
  Query extends TSchema = TSchema,
>(definition: Definition<Names, undefined, Body, Query>): Endpoint<Names, undefined> {
  return erased(definition);
}

/** What its handler is typed by has served its purpose: the schemas are checked before it is called. */
function erased<Names extends string, Who, Body extends TSchema, Query extends TSchema>(
  definition: Definition<Names, Who, Body, Query>,
): Endpoint<Names, Who> {
  return {
    ...definition,
    handle: (input) => definition.handle(input as EndpointInput<Names, Who, Static<Body>, Static<Query>>),
  };
}

type NamesIn<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesIn<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;
type WhoOf<Policy extends CallerPolicy> = Policy extends 'anyone' ? undefined : Caller;

/** One line of a face's `routes.ts`. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly caller: CallerPolicy;
  /** The heading under which the manual has it. */
  readonly tag: string;
  readonly changes: boolean;
  readonly endpoint: Endpoint<string, Caller | undefined>;
}

function lineOf(method: Method) {
  return <const Path extends string, const Policy extends CallerPolicy>(
    path: Path,
    caller: Policy,
    of: Endpoint<NamesIn<Path>, WhoOf<Policy>>,
  ): Omit<Route, 'tag'> => ({
    method,
    path,
    caller,
    changes: of.changes ?? !(method === 'GET' || method === 'HEAD'),
    endpoint: of as Endpoint<string, Caller | undefined>,
  });
}

export const get = lineOf('GET');
/** Where GET has an effect: elsewhere HEAD runs the GET endpoint. */
export const head = lineOf('HEAD');
export const post = lineOf('POST');
export const put = lineOf('PUT');
export const del = lineOf('DELETE');

export function tagged(tag: string, lines: readonly Omit<Route, 'tag'>[]): Route[] {
  return lines.map((line) => ({ ...line, tag }));
}

/** HEAD runs the endpoint of a GET that changes nothing, unless the path has one of its own. */
export function hasHead({ method, path, changes }: Route, routes: readonly Route[]): boolean {
  return method === 'GET' && !changes && !routes.some((other) => other.method === 'HEAD' && other.path === path);
}
