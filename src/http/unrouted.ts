import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../errors.ts';
import { sendError } from './error-reply.ts';
import type { Route } from './route.ts';

/** What no route answers: `OPTIONS` and unfitting methods on a path that exists, and paths that do not. */
export function answerUnrouted(routes: readonly Route[], request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const methods = allowedMethods(routes, request.url.split('?')[0] ?? '');
  if (methods.length === 0) return sendError(reply, request, 404, new AppError('not-found', 'There is nothing here.'));
  reply.header('allow', methods.join(', '));
  if (request.method === 'OPTIONS') return reply.code(204).header('cache-control', 'no-store').send();
  return sendError(reply, request, 405, new AppError('method-not-allowed', `This takes ${methods.join(', ')}.`));
}

function allowedMethods(routes: readonly Route[], path: string): string[] {
  const patterns = routes.filter((route) => matches(route.path, path));
  // As the router does: where a path is written out, patterns with parameters do not count.
  const exact = patterns.filter((route) => route.path === path);
  const methods = new Set<string>();
  for (const { method, changes } of exact.length > 0 ? exact : patterns) {
    methods.add(method);
    if (method === 'GET' && !changes) methods.add('HEAD');
  }
  return methods.size === 0 ? [] : [...methods, 'OPTIONS'];
}

function matches(pattern: string, path: string): boolean {
  const expected = pattern.split('/');
  const actual = path.split('/');
  return (
    expected.length === actual.length &&
    expected.every((part, index) => (part.startsWith(':') ? actual[index] !== '' : part === actual[index]))
  );
}
