import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { Caller, CallerPolicy } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { AppError } from '../errors.ts';
import type { Protection } from './authenticate.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';

/** The input of an endpoint. `Who` is the caller, or undefined on a route that anyone may call. */
export interface EndpointInput<Names extends string, Who, Body, Query> {
  readonly app: App;
  readonly caller: Who;
  readonly params: Readonly<Record<Names, string>>;
  readonly query: Query;
  readonly body: Body;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What the manual says about an endpoint, and how its requests are checked. */
export interface EndpointFacts {
  /** One line for the manual. */
  readonly summary: string;
  readonly description?: string;
  /** Set for a GET that changes something. It gets no HEAD route. */
  readonly changes?: boolean;
  /** Set if cookies do not authenticate the caller. */
  readonly withoutCookie?: boolean;
  /** Set if a device key authenticates the caller, and `?device=` names the device. */
  readonly forDevices?: boolean;
  readonly status?: number;
  /** Another status of success, which the handler sets by itself. */
  readonly otherStatus?: number;
  /** Set if it answers 409 when the current state does not allow the change. */
  readonly conflicts?: boolean;
  /** Whether it may answer 404. By default, true if the path has a parameter. */
  readonly mayBeMissing?: boolean;
  /** Set if the answer continues for minutes and so does not count as a use of the session. */
  readonly live?: boolean;
  /** Set if a session may call it although its space has no pages for users. */
  readonly withoutPages?: boolean;
  /** Set if it answers 429 to callers that ask too often. */
  readonly limited?: boolean;
  /** Set if it answers 403 to a browser that sends the request from another site, although anyone may call. */
  readonly refusesOtherSites?: boolean;
  /** Set if it also answers without a database, and so never answers 503. */
  readonly needsNoDatabase?: boolean;
  /** Set if people sign in with it. The OpenAPI document leaves it out, like all pages for people who are signed in. */
  readonly signsIn?: boolean;
  /** By default 4 KiB if anyone may call, otherwise 64 KiB. */
  readonly maxBodyBytes?: number;
  readonly body?: TSchema;
  /** Content types of a body that is not parsed. The handler receives the bytes, whatever the type is. */
  readonly takes?: readonly string[];
  readonly query?: TSchema;
  /** The query parameters or form fields that the handler reads by itself, for the manual. */
  readonly readsQuery?: TSchema;
  readonly form?: TSchema;
  /** The schema of a successful answer, for the manual; by default an object without fields. */
  readonly answer?: TSchema;
  /** The content types of a successful answer for the manual, if they are not only JSON. */
  readonly produces?: readonly string[];
}

/** An endpoint for a route. The type names the parameters that its path must have, and whether it needs a caller. */
export interface Endpoint<Names extends string = never, Who = unknown> extends EndpointFacts {
  /** Returns the value to send as JSON, or sends another reply itself and returns `sent`. */
  readonly handle: (input: EndpointInput<Names, Who, unknown, unknown>) => unknown;
}

interface Definition<Names extends string, Who, Body extends TSchema, Query extends TSchema> extends EndpointFacts {
  /** The path parameters that the handler reads. The compiler checks that the path of the route has them. */
  readonly params?: readonly Names[];
  readonly body?: Body;
  readonly query?: Query;
  handle(input: EndpointInput<Names, Who, Static<Body>, Static<Query>>): unknown;
}

/** Defines an endpoint for authenticated callers. */
export function endpoint<
  const Names extends string = never,
  Body extends TSchema = TSchema,
  Query extends TSchema = TSchema,
>(definition: Definition<Names, Caller, Body, Query>): Endpoint<Names, Caller> {
  return erased(definition);
}

/** Defines an endpoint that anyone may call. */
export function openEndpoint<
  const Names extends string = never,
  Body extends TSchema = TSchema,
  Query extends TSchema = TSchema,
>(definition: Definition<Names, undefined, Body, Query>): Endpoint<Names, undefined> {
  return erased(definition);
}

/** Removes the types of body and query. This is safe, because both are checked before the handler is called. */
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
  /** The route's heading in the manual. */
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
/** Only for a path whose GET has an effect. Otherwise HEAD runs the GET endpoint. */
export const head = lineOf('HEAD');
export const post = lineOf('POST');
export const put = lineOf('PUT');
export const del = lineOf('DELETE');

export function tagged(tag: string, lines: readonly Omit<Route, 'tag'>[]): Route[] {
  return lines.map((line) => ({ ...line, tag }));
}

/**
 * Returns whether HEAD runs the endpoint of this GET: if it changes nothing, and the path has no HEAD endpoint of its
 * own.
 */
export function hasHead({ method, path, changes }: Route, routes: readonly Route[]): boolean {
  return method === 'GET' && !changes && !routes.some((other) => other.method === 'HEAD' && other.path === path);
}

/** Returns whether a path parameter is a number. A path with other text in its place does not exist. */
export function isIdParameter(part: string): boolean {
  return /^:(id|contactId|keyId|listId|tokenId|versionId)$/.test(part);
}

/** One face over HTTP: its routes, and how it parses bodies and sends failures. */
export interface Face {
  readonly routes: readonly Route[];
  /** The prefixes of all paths that belong to the face, including paths that do not exist. */
  readonly prefixes: readonly string[];
  /** The format of failures, for the manual: JSON, a line of text, or a page for browsers. */
  readonly failureFormat: 'json' | 'text' | 'page';
  /** Whether an endpoint without a body refuses requests that have fields. */
  readonly refusesUnexpectedFields: boolean;
  /** Identifies the caller, on routes that not everybody may call. */
  authenticate(
    app: App,
    request: FastifyRequest,
    policy: Exclude<CallerPolicy, 'anyone'>,
    protection: Protection,
  ): Promise<void>;
  /** What each request awaits before it is handled, so that many requests to this face hardly delay other faces. */
  readonly turn?: () => Promise<void>;
  parseBodies(server: FastifyInstance): void;
  /** Sends the body of a failure. The status and common headers are already set. */
  sendFailure(reply: FastifyReply, error: AppError): void;
}
