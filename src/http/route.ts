import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';
import type { Caller, CallerPolicy } from '../access/caller.ts';
import type { App } from '../app.ts';
import { invalidFields } from '../errors.ts';
import { checkShape } from '../lib/check-shape.ts';
import { authenticate } from './authenticate.ts';
import { operationSchema } from './operation-schema.ts';
import { type Sent, send, sent } from './sent.ts';

type Parameters<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Record<Name, string> & Parameters<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Record<Name, string>
    : unknown;

export interface RouteInput<Path extends string, Policy extends CallerPolicy, Body, Query> {
  readonly app: App;
  readonly caller: Policy extends 'anyone' ? undefined : Caller;
  readonly params: Parameters<Path>;
  readonly query: Query;
  readonly body: Body;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const noFields = Type.Object({}, { additionalProperties: false });

interface RouteDefinition<
  Path extends string,
  Policy extends CallerPolicy,
  Body extends TSchema,
  Query extends TSchema,
> {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly path: Path;
  readonly caller: Policy;
  /** One line for the manual. */
  readonly summary: string;
  readonly description?: string;
  /** A GET that changes something: no HEAD beside it, and a cookie alone does not do. */
  readonly changes?: boolean;
  /** Not to be reached by a cookie at all. */
  readonly withoutCookie?: boolean;
  /** The key of a device opens it, and `?device=` names one. */
  readonly forDevices?: boolean;
  readonly status?: number;
  /** Another status of success, which the handler sets itself. */
  readonly otherStatus?: number;
  readonly body?: Body;
  readonly query?: Query;
  /** What a success answers, for the manual. */
  readonly answer?: TSchema;
  /** The content types of a success that is not JSON, for the manual. */
  readonly produces?: readonly string[];
  /** Answers the value to send as JSON, or sends a reply of another kind itself and answers `sent`. */
  handle(input: RouteInput<Path, Policy, Static<Body>, Static<Query>>): unknown;
}

/** A route as registered: what its handler is typed by has served its purpose. */
export interface Route {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly caller: CallerPolicy;
  readonly changes: boolean;
  register(server: FastifyInstance, app: App): void;
}

export function route<
  const Path extends string,
  const Policy extends CallerPolicy,
  Body extends TSchema = TSchema,
  Query extends TSchema = TSchema,
>(definition: RouteDefinition<Path, Policy, Body, Query>): Route {
  const { method, path, caller: policy } = definition;
  const changes = definition.changes ?? !(method === 'GET' || method === 'HEAD');
  return {
    method,
    path,
    caller: policy,
    changes,
    register(server, app) {
      server.route({
        method: method === 'GET' && !changes && !definition.path.startsWith('/provisioning') ? ['GET', 'HEAD'] : method,
        url: path,
        schema: operationSchema(definition),
        ...(policy === 'anyone'
          ? {}
          : {
              onRequest: (request: FastifyRequest) =>
                authenticate(app, request, policy, {
                  changes,
                  withoutCookie: definition.withoutCookie ?? false,
                  forDevices: definition.forDevices ?? false,
                }),
            }),
        ...(method !== 'GET' && path.startsWith('/api/') && definition.body === undefined
          ? { preHandler: refuseFields }
          : {}),
        handler: (request, reply) => {
          const input = {
            app,
            caller: request.caller,
            params: request.params,
            query: request.query,
            body: request.body ?? {},
            request,
            reply,
          } as unknown as RouteInput<Path, Policy, Static<Body>, Static<Query>>;
          const answer = definition.handle(input);
          // Fastify is handed no promise of ours: awaiting one more would cost as much as the look-up itself.
          if (answer instanceof Promise) answer.then((value) => respond(reply, value, definition.status), fail(reply));
          else respond(reply, answer, definition.status);
        },
      });
    },
  };
}

/** Where nothing is asked for, every field is unknown. */
async function refuseFields({ body }: FastifyRequest): Promise<void> {
  const mistakes = checkShape(noFields, body ?? {});
  if (mistakes !== undefined) throw invalidFields(mistakes);
}

function fail(reply: FastifyReply): (error: unknown) => void {
  return (error) => void reply.send(error instanceof Error ? error : new Error(String(error)));
}

function respond(reply: FastifyReply, answer: unknown, status: number | undefined): void {
  if (answer !== sent) sendJson(status === undefined ? reply : reply.code(status), answer ?? {});
}

/** As a buffer: Fastify would add a charset to the type, which liblinphone 5.4 and later does not read. */
export function sendJson(reply: FastifyReply, value: unknown): Sent {
  return send(reply.header('content-type', 'application/json'), Buffer.from(JSON.stringify(value)));
}
