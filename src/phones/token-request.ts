import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import type { RedeemableKind } from '../provisioning/examine-token.ts';

/** A request for the account of a code or of an auth token. */
export interface TokenRequest {
  readonly app: App;
  readonly kind: RedeemableKind;
  readonly token: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}
