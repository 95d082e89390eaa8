import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import type { App } from '../app.ts';
import { AppError, invalidFields } from '../errors.ts';
import { checkShape } from '../lib/check-shape.ts';
import type { LogDestination } from '../lib/logger.ts';
import { replyWithError } from './error-reply.ts';
import { limitPipelining } from './limit-pipelining.ts';
import { registerOpenapi } from './openapi.ts';
import { requestLine } from './request-log.ts';
import type { Route } from './route.ts';
import { accountRoutes } from './routes/accounts.ts';
import { apiKeyRoutes } from './routes/api-keys.ts';
import { authTokenRoutes } from './routes/auth-tokens.ts';
import { contactRoutes } from './routes/contacts.ts';
import { deviceRoutes } from './routes/devices.ts';
import { eventRoutes } from './routes/events.ts';
import { externalAccountRoutes } from './routes/external-accounts.ts';
import { healthRoutes } from './routes/health.ts';
import { manualRoutes } from './routes/manual.ts';
import { ownAccountRoutes } from './routes/own-account.ts';
import { previewRoutes } from './routes/preview.ts';
import { provisioningRoutes } from './routes/provisioning.ts';
import { setupRoutes } from './routes/setup.ts';
import { spaceRoutes } from './routes/spaces.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { turnRoutes } from './routes/turn.ts';
import { answerUnrouted, closeShadowed } from './unrouted.ts';

/** Every route there is. */
export const routes: readonly Route[] = [
  ...provisioningRoutes,
  ...contactRoutes,
  ...ownAccountRoutes,
  ...authTokenRoutes,
  ...accountRoutes,
  ...externalAccountRoutes,
  ...previewRoutes,
  ...deviceRoutes,
  ...turnRoutes,
  ...eventRoutes,
  ...tokenRoutes,
  ...apiKeyRoutes,
  ...spaceRoutes,
  ...manualRoutes,
  ...setupRoutes,
  ...healthRoutes,
];

const bodyLimitBytes = 1024 * 1024;
const requestTimeoutMs = 30_000;
/** Longer than proxies keep an idle connection, so that it is they who end it. */
const keepAliveTimeoutMs = 72_000;
const longestParameter = 64 * 1024;

/**
 * The server, not listening yet; `requests` gets a line for each request, unless the log level says otherwise, and
 * `answered` is told of each answer.
 */
export async function buildServer(
  app: App,
  requests?: LogDestination,
  answered?: (request: FastifyRequest, reply: FastifyReply) => void,
): Promise<FastifyInstance> {
  const { pathPrefix } = app;
  // The log outlives the process: an id stands for one request in all of it.
  const start = randomBytes(4).toString('hex');
  let count = 0;
  const options: FastifyServerOptions = {
    logger: false,
    genReqId: () => {
      count += 1;
      return `${start}-${count}`;
    },
    bodyLimit: bodyLimitBytes,
    serverFactory: (handle) =>
      createServer({ requestTimeout: requestTimeoutMs, keepAliveTimeout: keepAliveTimeoutMs }, limitPipelining(handle)),
    trustProxy: app.settings.trustedProxies.length > 0 ? [...app.settings.trustedProxies] : false,
    // Fastify's own HEAD would run the GET handler, and use tokens up.
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: longestParameter },
    frameworkErrors: (error, request, reply) => void replyWithError(app, error, request, reply),
    // A proxy may pass the public URL's path prefix on, or take it off.
    ...(pathPrefix === '' ? {} : { rewriteUrl: ({ url = '/' }) => withoutPrefix(url, pathPrefix) }),
  };
  const server = Fastify(options);
  server.decorateRequest('caller', undefined);
  server.decorateRequest('challenge', undefined);
  server.decorateRequest('device', undefined);
  server.setErrorHandler((error, request, reply) => replyWithError(app, error, request, reply));
  server.setValidatorCompiler(({ schema, httpPart }) => (data) => {
    const fields = checkShape(schema, httpPart === 'body' ? (data ?? {}) : data);
    return fields === undefined ? { value: data } : { error: invalidFields(fields) };
  });
  server.setSerializerCompiler(() => JSON.stringify);
  parseBodies(server);
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
  await registerOpenapi(server);
  for (const route of routes) route.register(server, app);
  closeShadowed(server, routes);
  server.setNotFoundHandler((request, reply) => answerUnrouted(routes, request, reply));
  await server.ready();
  return server;
}

function withoutPrefix(url: string, prefix: string): string {
  const rest = url.slice(prefix.length);
  if (!url.startsWith(prefix) || !/^([/?]|$)/.test(rest)) return url;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** JSON objects only; a body that is declared but empty counts as none. */
function parseBodies(server: FastifyInstance): void {
  // A field called `__proto__` is unknown like any other, and refused as such; it stays a plain field until then.
  const parseJson = server.getDefaultJsonParser('ignore', 'ignore');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    const text = utf8Of(body);
    if (text === undefined) return done(new AppError('body-malformed', 'The request body is not UTF-8.'));
    parseJson(request, text, (error, value) => {
      if (error !== null) return done(new AppError('body-malformed', 'The request body is not JSON.'));
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return done(null, value);
      done(new AppError('body-malformed', 'The request body must be a JSON object, such as {"username": "alice"}.'));
    });
  });
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (request, body, done) => {
    if (request.url.startsWith('/api/')) {
      return done(new AppError('media-type-unsupported', 'Send the body as application/json.'));
    }
    done(null, Object.fromEntries(new URLSearchParams(body.toString())));
  });
}

/** Undefined rather than with U+FFFD in place of what is none: nothing is converted. */
function utf8Of(body: string | Buffer): string | undefined {
  return typeof body === 'string' || isUtf8(body) ? body.toString() : undefined;
}
