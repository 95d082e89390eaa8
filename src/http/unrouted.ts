import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../errors.ts';
import { sendError } from './error-reply.ts';
import type { Route } from './route.ts';

const ownMethods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'] as const;

/** What no route answers: `OPTIONS` and unfitting methods on a path that exists, and paths that do not. */
export function answerUnrouted(routes: readonly Route[], request: FastifyRequest, reply: FastifyReply): void {
  const methods = allowedMethods(routes, request.url.split('?')[0] ?? '');
  if (methods.length === 0) {
    sendError(reply, request, 404, new AppError('not-found', 'There is nothing here.'));
    return;
  }
  reply.header('allow', methods.join(', '));
  if (request.method === 'OPTIONS') {
    reply.code(204).header('cache-control', 'no-store').send();
    return;
  }
  sendError(reply, request, 405, new AppError('method-not-allowed', `This takes ${methods.join(', ')}.`));
}

/**
 * Keeps `PUT /api/accounts/me` from being taken for `PUT /api/accounts/:id`: what a path lacks itself, no path with
 * parameters in its place is to answer.
 */
export function closeShadowed(server: FastifyInstance, routes: readonly Route[]): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const allowed = allowedMethods(routes, path);
    const others = routes.filter((route) => route.path !== path && matches(route.path, path)).flatMap(methodsOf);
    const method = ownMethods.filter((each) => others.includes(each) && !allowed.includes(each));
    if (method.length === 0) continue;
    const answer = (request: FastifyRequest, reply: FastifyReply) => answerUnrouted(routes, request, reply);
    // Before the body is read, of which any kind may come.
    server.route({
      method,
      url: path,
      schema: { hide: true },
      onRequest: async (request, reply) => answer(request, reply),
      handler: answer,
    });
  }
}

function allowedMethods(routes: readonly Route[], path: string): string[] {
  const fitting = routes.filter((route) => matches(route.path, path));
  // As the router does: where parts of a path are written out, parameters in their place do not count.
  const [closest] = fitting.map((route) => shapeOf(route.path)).sort();
  const methods = new Set(fitting.filter((route) => shapeOf(route.path) === closest).flatMap(methodsOf));
  return methods.size === 0 ? [] : [...methods, 'OPTIONS'];
}

function methodsOf({ method, changes }: Route): string[] {
  return method === 'GET' && !changes ? ['GET', 'HEAD'] : [method];
}

function matches(pattern: string, path: string): boolean {
  const expected = pattern.split('/');
  const actual = path.split('/');
  return (
    expected.length === actual.length &&
    expected.every((part, index) =>
      isParameter(part) ? actual[index] !== '' || index === expected.length - 1 : part === actual[index],
    )
  );
}

/** `/0/1` for `/api/:id`: the lower of two that fit one path is the closer. */
function shapeOf(pattern: string): string {
  return pattern.replace(/[^/]+/g, (part) => (isParameter(part) ? '1' : '0'));
}

function isParameter(part: string): boolean {
  return part.startsWith(':');
}
