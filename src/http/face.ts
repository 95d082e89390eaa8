import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AppError } from '../errors.ts';
import type { Route } from './route.ts';

/** One face over HTTP: its routes, and how it parses bodies and sends failures. */
export interface Face {
  readonly routes: readonly Route[];
  /** The prefixes of all paths that belong to the face, including paths without a route. */
  readonly prefixes: readonly string[];
  /** The content type of a failure, for the manual. */
  readonly failureType: 'application/json' | 'text/plain';
  /** Whether an endpoint that takes no body refuses one that has fields. */
  readonly refusesUnexpectedFields: boolean;
  parseBodies(server: FastifyInstance): void;
  /** Sends the body of a failure. Status and common headers are already set. */
  sendFailure(reply: FastifyReply, error: AppError): void;
}
