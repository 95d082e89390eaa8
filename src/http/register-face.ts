import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../app.ts';
import { invalidFields } from '../errors.ts';
import { checkShape } from '../lib/check-shape.ts';
import { replyWithError } from './error-reply.ts';
import { maxBodyBytes, usualBodyBytes } from './request-size.ts';
import { type EndpointFacts, type EndpointInput, type Face, hasHead, type Route } from './route.ts';
import { sendJson, sent } from './sent.ts';
import { limitBody, requestWaits } from './slow-requests.ts';
import { closeShadowed } from './unrouted.ts';

/** Registers the face as an encapsulated plugin. `all` are the routes of all faces. */
export async function registerFace(
  server: FastifyInstance,
  app: App,
  face: Face,
  all: readonly Route[],
): Promise<void> {
  await server.register(async (own) => {
    const { turn } = face;
    if (turn !== undefined) own.addHook('onRequest', async () => turn());
    face.parseBodies(own);
    own.setErrorHandler((error, request, reply) => replyWithError(app, face, error, { request, reply }));
    for (const route of face.routes) {
      if (route.method === 'DELETE') await own.register(async (within) => registerDelete(within, app, face, route));
      else if (route.endpoint.takes !== undefined)
        await own.register(async (within) => registerBytes(within, app, face, route));
      else registerRoute(own, app, face, route);
    }
    closeShadowed(own, face, all);
  });
}

/** Accepts DELETE requests with a body, because Linphone's apps repeat the path's values in it. */
function registerDelete(server: FastifyInstance, app: App, face: Face, route: Route): void {
  ignoreBodies(server);
  registerRoute(server, app, face, route);
}

/** Accepts bodies of any type and size without reading them. */
export function ignoreBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, _payload, done) => done(null));
}

/** Registers a route whose handler reads the body itself, because the content type says little about it. */
function registerBytes(server: FastifyInstance, app: App, face: Face, route: Route): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  registerRoute(server, app, face, route);
}

function registerRoute(server: FastifyInstance, app: App, face: Face, route: Route): void {
  const { method, path, caller: policy, changes, endpoint } = route;
  const { withoutCookie = false, forDevices = false, live = false, withoutPages = false } = endpoint;
  const takesBody = method !== 'GET' && method !== 'DELETE';
  const isRefusing =
    face.refusesUnexpectedFields && takesBody && endpoint.body === undefined && endpoint.takes === undefined;
  const bodyLimit = endpoint.maxBodyBytes ?? (policy === 'anyone' ? maxBodyBytes.anyone : maxBodyBytes.known);
  server.route({
    method: hasHead(route, face.routes) ? ['GET', 'HEAD'] : method,
    url: path,
    schema: checkedShapes(endpoint),
    bodyLimit,
    ...(takesBody && bodyLimit <= usualBodyBytes ? { preParsing: limitBody(requestWaits(app).bodyMs) } : {}),
    ...(policy === 'anyone'
      ? {}
      : {
          onRequest: (request: FastifyRequest) =>
            face.authenticate(app, request, policy, { changes, withoutCookie, forDevices, live, withoutPages }),
        }),
    ...(isRefusing ? { preHandler: refuseFields } : {}),
    handler: (request, reply) => {
      const answer = endpoint.handle(inputOf(app, request, reply));
      // Fastify gets no promise, because awaiting one more would cost as much as the database lookup.
      if (answer instanceof Promise) answer.then((value) => respond(reply, value, endpoint.status), fail(reply));
      else respond(reply, answer, endpoint.status);
    },
  });
}

/** Returns the schemas that Fastify checks with our compiler. */
function checkedShapes({ body, query }: EndpointFacts) {
  return {
    ...(body === undefined ? {} : { body }),
    ...(query === undefined ? {} : { querystring: query }),
  };
}

function inputOf(app: App, request: FastifyRequest, reply: FastifyReply) {
  return {
    app,
    caller: request.caller,
    params: request.params,
    query: request.query,
    body: request.body ?? {},
    request,
    reply,
  } as EndpointInput<string, undefined, unknown, unknown>;
}

const noFields = Type.Object({}, { additionalProperties: false });

/** Throws if the body has fields. For endpoints without a body, every field is unknown. */
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
