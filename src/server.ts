import { randomBytes } from 'node:crypto';
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import { apiFace } from './api/face.ts';
import type { App } from './app.ts';
import { invalidFields } from './errors.ts';
import { senderReader } from './http/client-facts.ts';
import { replyWithError } from './http/error-reply.ts';
import { createServer } from './http/node-http.ts';
import { oneHost } from './http/one-host.ts';
import { oneRequestEach } from './http/one-request-each.ts';
import { OpenStreams } from './http/open-streams.ts';
import { registerOpenapi } from './http/openapi.ts';
import { refuseConnection } from './http/refuse-connection.ts';
import { ignoreBodies, registerFace } from './http/register-face.ts';
import { requestLine } from './http/request-log.ts';
import { maxBodyBytes, tooMuchIn } from './http/request-size.ts';
import type { Face, Route } from './http/route.ts';
import { limitUnreadBodies, requestWaits } from './http/slow-requests.ts';
import { answerUnrouted, faceOf } from './http/unrouted.ts';
import { checkFields, checkShape } from './lib/check-shape.ts';
import { fewEachTurn } from './lib/few-each-turn.ts';
import { trusting } from './lib/forwarded-for.ts';
import type { LogDestination } from './lib/logger.ts';
import { trimFields } from './lib/trim-blanks.ts';
import type { PathPrefix } from './lib/web-address.ts';
import { type LanguageAt, panelFace } from './panel/face.ts';
import { codePages } from './panel/pages/landing.ts';
import { phonesFace } from './phones/face.ts';

/** Longer than proxies keep idle connections, so that the proxy closes them first. */
const keepAliveTimeoutMs = 72_000;
/** Longer than any answer takes. If a connection transfers nothing for this long, its client does not read. */
const stalledConnectionMs = 120_000;
const maxParameterLength = 64 * 1024;

/**
 * Returns the faces, each with what it needs from the others. If two have a prefix of a path, the first one answers it.
 */
export function facesOf(pathPrefix: PathPrefix, languageAt?: LanguageAt): readonly [Face, Face, Face] {
  return [phonesFace(codePages(pathPrefix)), apiFace, panelFace(pathPrefix, languageAt)];
}

export function routesOf(faces: readonly Face[]): Route[] {
  return faces.flatMap(({ routes }) => routes);
}

/**
 * Builds the server, which does not listen yet. `requests` receives a line for each request if the log level includes
 * `info`. `answered` is called for each answer.
 */
export async function buildServer(
  app: App,
  requests?: LogDestination,
  answered?: (request: FastifyRequest, reply: FastifyReply) => void,
): Promise<FastifyInstance> {
  const faces = facesOf(
    () => app.pathPrefix,
    (host) => app.spaces.forHost(host).language,
  );
  const [, , panel] = faces;
  const routes = routesOf(faces);
  const faceAt = (request: FastifyRequest): Face => faceOf(faces, request.url) ?? panel;
  const server = Fastify(serverOptions(app, faceAt));
  decorate(server, app);
  // By default, no answer may be cached: caches do not know that answers depend on `x-api-key`, or that a code works
  // once. Answers that may be cached set their own header.
  server.addHook('onRequest', (request, reply, done) => {
    // Reads the address now, because a connection has none after its client has reset it.
    void request.sender;
    reply.header('cache-control', 'no-store');
    done();
  });
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
  registerOpenapi(server, faces);
  for (const face of faces) await registerFace(server, app, face, routes);
  // Requests without a route may have a body of any type.
  ignoreBodies(server);
  server.setErrorHandler((error, request, reply) => replyWithError(app, faceAt(request), error, { request, reply }));
  const turn = fewEachTurn(8);
  server.setNotFoundHandler(async (request, reply) => {
    await turn();
    answerUnrouted(faceAt(request), routes, request, reply);
    return reply;
  });
  await server.ready();
  return server;
}

function serverOptions(app: App, faceAt: (request: FastifyRequest) => Face): FastifyServerOptions {
  return {
    logger: false,
    genReqId: requestIds(),
    bodyLimit: maxBodyBytes.anyone,
    // `decorate` sets our compiler. Without these placeholders, Fastify would load its own.
    schemaController: { compilersFactory: { buildValidator: () => noCompiler, buildSerializer: () => noCompiler } },
    serverFactory: (handle) => {
      const { headersMs, bodyMs, uploadMs } = requestWaits(app);
      const listener = oneRequestEach(limitUnreadBodies(oneHost(handle), bodyMs));
      const waits = {
        headersTimeout: headersMs,
        requestTimeout: uploadMs,
        connectionsCheckingInterval: headersMs,
        keepAliveTimeout: keepAliveTimeoutMs,
      };
      // `oneHost` checks the Host header, so that its refusal has the same format as all others.
      return (
        createServer({ ...waits, requireHostHeader: false }, listener)
          // An unknown `Expect` is ignored, which RFC 9110 allows, because Node.js would refuse it without `no-store`.
          .on('checkExpectation', listener)
          .setTimeout(stalledConnectionMs)
      );
    },
    clientErrorHandler: refuseConnection,
    // Requests that arrive while the server stops are answered normally, because the database is closed after them.
    return503OnClosing: false,
    // Fastify's own HEAD routes would run the GET handler and use up tokens.
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: maxParameterLength },
    frameworkErrors: (error, request, reply) => void replyWithError(app, faceAt(request), error, { request, reply }),
    rewriteUrl: ({ url = '/' }) => routedUrl(url, app.address.pathPrefixes),
  };
}

function noCompiler(): never {
  throw new Error('No schema is compiled before the compilers are set.');
}

/** Adds what all faces share: properties of requests, schema checks, and JSON. */
function decorate(server: FastifyInstance, { settings }: App): void {
  server.decorateRequest('caller', undefined);
  server.decorateRequest('challenge', undefined);
  server.decorateRequest('device', undefined);
  server.decorateRequest('answeredWith', undefined);
  const openStreams = new OpenStreams();
  server.decorate('openStreams', openStreams);
  server.addHook('preClose', async () => openStreams.close());
  const senderOf = senderReader(trusting(settings.trustedProxies));
  // Replaces Fastify's `ip`, which accepts any text in the header as an address.
  server.decorateRequest('sender', {
    getter() {
      return senderOf(this);
    },
  });
  server.setValidatorCompiler(({ schema, httpPart }) => (data) => {
    const tooMuch = httpPart === 'querystring' ? tooMuchIn(data) : null;
    if (tooMuch !== null) return { error: tooMuch };
    const value = trimFields(schema, data);
    const fields = httpPart === 'body' ? checkFields(schema, value ?? {}) : checkShape(schema, value);
    return fields === undefined ? { value } : { error: invalidFields(fields) };
  });
  server.setSerializerCompiler(() => JSON.stringify);
}

/** Returns a function for request ids. They are unique across restarts, because the log outlives the process. */
function requestIds(): () => string {
  const start = randomBytes(4).toString('hex');
  let count = 0;
  return () => {
    count += 1;
    return `${start}-${count}`;
  };
}

const livePath = '/health/live';

/**
 * Returns the URL without the path prefix of the public URL, which a proxy may forward or remove. `/health/live` works
 * below any prefix, so that an address can be tested before it is set.
 */
function routedUrl(url: string, prefixes: readonly string[]): string {
  const [path = ''] = url.split('?', 1);
  if (path.endsWith(livePath)) return livePath;
  let routed = url;
  for (const prefix of prefixes) if (prefix !== '') routed = withoutPrefix(routed, prefix);
  return routed;
}

function withoutPrefix(url: string, prefix: string): string {
  const rest = url.slice(prefix.length);
  if (!url.startsWith(prefix) || !/^([/?]|$)/.test(rest)) return url;
  return rest.startsWith('/') ? rest : `/${rest}`;
}
