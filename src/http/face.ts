import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AppError } from '../errors.ts';
import type { Route } from './route.ts';

/** One face over HTTP: its routes, and how it reads bodies and writes failures. */
export interface Face {
  readonly routes: readonly Route[];
  /** Where paths begin that belong to the face, also those that no route has. */
  readonly prefixes: readonly string[];
  /** The content type of a failure, for the manual. */
  readonly failureType: 'application/json' | 'text/plain';
  /** Whether an endpoint that takes no body refuses one that has fields. */
  readonly refusesUnexpectedFields: boolean;
  parseBodies(server: FastifyInstance): void;
  /** Writes a failure; status and headers are set. */
  sendFailure(reply: FastifyReply, error: AppError): void;
}
