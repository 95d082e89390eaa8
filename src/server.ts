import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import { apiFace } from './api/face.ts';
import type { App } from './app.ts';
import { invalidFields } from './errors.ts';
import { replyWithError } from './http/error-reply.ts';
import type { Face } from './http/face.ts';
import { answerUnrouted, faceOf } from './http/find-route.ts';
import { limitPipelining } from './http/limit-pipelining.ts';
import { registerOpenapi } from './http/openapi.ts';
import { registerFace } from './http/register-face.ts';
import { requestLine } from './http/request-log.ts';
import { maxBodyBytes, tooMuchIn } from './http/request-size.ts';
import type { Route } from './http/route.ts';
import { checkShape } from './lib/check-shape.ts';
import type { LogDestination } from './lib/logger.ts';
import { panelFace } from './panel/face.ts';
import { codePages } from './panel/pages/landing.ts';
import { phonesFace } from './phones/face.ts';

const requestTimeoutMs = 30_000;
/** Longer than proxies keep an idle connection, so that it is they who end it. */
const keepAliveTimeoutMs = 72_000;
const maxParameterLength = 64 * 1024;

/** The faces, each with what it needs of the others; of two that fit a path the first has it. */
export function facesOf(pathPrefix: string): readonly Face[] {
  return [phonesFace(codePages(pathPrefix)), apiFace, panelFace];
}

export function routesOf(faces: readonly Face[]): Route[] {
  return faces.flatMap(({ routes }) => routes);
}

/**
 * The server, not listening yet; `requests` gets a line for each request, unless the log level says otherwise, and
 * `answered` is told of each answer.
 */
export async function buildServer(
  app: App,
  requests?: LogDestination,
  answered?: (request: FastifyRequest, reply: FastifyReply) => void,
): Promise<FastifyInstance> {
  const faces = facesOf(app.pathPrefix);
  const routes = routesOf(faces);
  const faceAt = (request: FastifyRequest): Face => faceOf(faces, request.url) ?? panelFace;
  const server = Fastify(serverOptions(app, faceAt));
  decorate(server);
  if (requests !== undefined && app.log.isLevelEnabled('info')) {
    server.addHook('onResponse', (request, reply, done) => {
      requests.write(requestLine(request, reply, app.now()));
      done();
    });
  }
  if (answered !== undefined) {
    server.addHook('onResponse', (request, reply, done) => {
      answered(request, reply);
      done();
    });
  }
  await registerOpenapi(server, [...new Set(routes.map(({ tag }) => tag))]);
  for (const face of faces) await registerFace(server, app, face, routes);
  // What no route answers: its body, of which any kind may come, is not read.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, _payload, done) => done(null));
  server.setErrorHandler((error, request, reply) => replyWithError(app, faceAt(request), error, request, reply));
  server.setNotFoundHandler((request, reply) => answerUnrouted(faceAt(request), routes, request, reply));
  await server.ready();
  return server;
}

function serverOptions(app: App, faceAt: (request: FastifyRequest) => Face): FastifyServerOptions {
  return {
    logger: false,
    genReqId: requestIds(),
    bodyLimit: maxBodyBytes.anyone,
    serverFactory: (handle) =>
      createServer({ requestTimeout: requestTimeoutMs, keepAliveTimeout: keepAliveTimeoutMs }, limitPipelining(handle)),
    trustProxy: app.settings.trustedProxies.length > 0 ? [...app.settings.trustedProxies] : false,
    // Fastify's own HEAD would run the GET handler, and use tokens up.
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: maxParameterLength },
    frameworkErrors: (error, request, reply) => void replyWithError(app, faceAt(request), error, request, reply),
    // A proxy may pass the public URL's path prefix on, or take it off.
    ...(app.pathPrefix === '' ? {} : { rewriteUrl: ({ url = '/' }) => withoutPrefix(url, app.pathPrefix) }),
  };
}

/** Prepares what all faces share: the facts of a request, the check of its shape, JSON. */
function decorate(server: FastifyInstance): void {
  server.decorateRequest('caller', undefined);
  server.decorateRequest('challenge', undefined);
  server.decorateRequest('device', undefined);
  server.decorateRequest('answeredWith', undefined);
  server.setValidatorCompiler(({ schema, httpPart }) => (data) => {
    const tooMuch = httpPart === 'querystring' ? tooMuchIn(data) : null;
    if (tooMuch !== null) return { error: tooMuch };
    const fields = checkShape(schema, httpPart === 'body' ? (data ?? {}) : data);
    return fields === undefined ? { value: data } : { error: invalidFields(fields) };
  });
  server.setSerializerCompiler(() => JSON.stringify);
}

/** The log outlives the process: an id stands for one request in all of it. */
function requestIds(): () => string {
  const start = randomBytes(4).toString('hex');
  let count = 0;
  return () => {
    count += 1;
    return `${start}-${count}`;
  };
}

function withoutPrefix(url: string, prefix: string): string {
  const rest = url.slice(prefix.length);
  if (!url.startsWith(prefix) || !/^([/?]|$)/.test(rest)) return url;
  return rest.startsWith('/') ? rest : `/${rest}`;
}
