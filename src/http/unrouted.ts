import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../errors.ts';
import { onceFor } from '../lib/once-for.ts';
import { sendError } from './error-reply.ts';
import { type Face, hasHead, isIdParameter, type Method, type Route } from './route.ts';

const methods: readonly Method[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];

/** Answers requests without a route: `OPTIONS`, methods that a path does not support, and unknown paths. */
export function answerUnrouted(
  face: Face,
  routes: readonly Route[],
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const allowed = allowedMethods(routes, pathOf(request.url));
  if (allowed.length === 0) {
    sendError(face, reply, new AppError('not-found', { what: 'page' }));
    return;
  }
  reply.header('allow', allowed.join(', '));
  if (request.method === 'OPTIONS') {
    reply.code(204).send();
    return;
  }
  sendError(face, reply, new AppError('method-not-allowed', { method: request.method, allowed }));
}

/**
 * Returns the face that a path belongs to: the one that has a route for it, or else the first with a matching prefix.
 */
export function faceOf(faces: readonly Face[], url: string): Face | undefined {
  const path = pathOf(url);
  const parts = splitPath(path);
  const closest = closestShape(
    faces.flatMap(({ routes }) => routes),
    parts,
  );
  const owner = faces.find(({ routes }) => routes.some((route) => matches(route, parts) && shapeOf(route) === closest));
  return owner ?? faces.find(({ prefixes }) => prefixes.some((prefix) => path.startsWith(prefix)));
}

/**
 * Refuses methods that a fixed path does not support, before they match a path with parameters. For example, `PUT
 * /api/accounts/me` must not match `PUT /api/accounts/:id`.
 */
export function closeShadowed(server: FastifyInstance, face: Face, all: readonly Route[]): void {
  for (const path of new Set(face.routes.map((route) => route.path))) {
    const allowed = allowedMethods(all, path);
    const parts = splitPath(path);
    const others = all.filter((route) => route.path !== path && matches(route, parts));
    const taken = new Set(others.flatMap((route) => methodsOf(route, all)));
    const method = methods.filter((each) => taken.has(each) && !allowed.includes(each));
    if (method.length === 0) continue;
    const answer = (request: FastifyRequest, reply: FastifyReply) => answerUnrouted(face, all, request, reply);
    // Answers before the body is read, because the body may be of any type.
    server.route({
      method,
      url: path,
      onRequest: async (request, reply) => answer(request, reply),
      handler: answer,
    });
  }
}

function allowedMethods(routes: readonly Route[], path: string): string[] {
  const parts = splitPath(path);
  const closest = closestShape(routes, parts);
  const fitting = routes.filter((route) => exists(route, parts) && shapeOf(route) === closest);
  const found = new Set(fitting.flatMap((route) => methodsOf(route, routes)));
  return found.size === 0 ? [] : [...found, 'OPTIONS'];
}

/** Returns the shape that the router prefers: fixed parts win over parameters. */
function closestShape(routes: readonly Route[], parts: readonly string[]): string | undefined {
  return routes
    .filter((route) => matches(route, parts))
    .map(shapeOf)
    .sort()[0];
}

function methodsOf(route: Route, routes: readonly Route[]): Method[] {
  return hasHead(route, routes) ? ['GET', 'HEAD'] : [route.method];
}

function pathOf(url: string): string {
  return url.split('?')[0] ?? '';
}

/** More parts than any route has, so that a longer path matches no route. */
const maxParts = 20;

/** Splits a path once for all routes, and no further than routes can match, because strangers may request any path. */
function splitPath(path: string): readonly string[] {
  return path.split('/', maxParts);
}

const partsOf = onceFor(({ path }: Route) => path.split('/'));

function matches(route: Route, actual: readonly string[]): boolean {
  const expected = partsOf(route);
  return (
    expected.length === actual.length &&
    expected.every((part, index) =>
      isParameter(part) ? actual[index] !== '' || index === expected.length - 1 : part === actual[index],
    )
  );
}

/**
 * Returns whether the path can name something. An id must be a number: `/api/accounts/register` is an unknown path, not
 * an account.
 */
function exists(route: Route, actual: readonly string[]): boolean {
  const canBeId = (part = '') => /^\d+$/.test(part) || isParameter(part);
  return (
    matches(route, actual) && partsOf(route).every((part, index) => !isIdParameter(part) || canBeId(actual[index]))
  );
}

/** Returns `/0/1` for `/api/:id`. If two shapes match a path, the lower one is the closer match. */
const shapeOf = onceFor(({ path }: Route) => path.replace(/[^/]+/g, (part) => (isParameter(part) ? '1' : '0')));

function isParameter(part: string): boolean {
  return part.startsWith(':');
}
