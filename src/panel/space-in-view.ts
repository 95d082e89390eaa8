import type { FastifyRequest } from 'fastify';
import { type Caller, manages } from '../access/caller.ts';
import type { App } from '../app.ts';
import { AppError } from '../errors.ts';
import { queryOf } from '../http/client-facts.ts';
import type { Space } from '../spaces/space.ts';

/**
 * Returns the space that a page is about: the one in the query or, by default, the caller's. Throws `not-found` unless
 * the caller manages it, as if it did not exist.
 */
export function spaceInView({ spaces }: Pick<App, 'spaces'>, caller: Caller, request: FastifyRequest): Space {
  const domain = queryOf(request).get('space') ?? '';
  if (domain === '') return caller.space;
  const space = spaces.getByDomain(domain);
  if (!manages(caller, space.id)) throw new AppError('not-found', { what: 'space', name: domain });
  return space;
}

/** Adds `?space=` to a path, unless it is the caller's own space. */
export function inSpace(caller: Pick<Caller, 'space'>, space: Space, path: string): string {
  if (space.id === caller.space.id) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams({ space: space.domain })}`;
}
