import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import { clientOf } from '../http/client-facts.ts';
import type { RedeemableKind } from '../provisioning/examine-token.ts';
import type { Visit } from '../provisioning/visit-token.ts';

/** A request for the account of a code or of an auth token. */
export interface TokenRequest {
  readonly app: App;
  readonly kind: RedeemableKind;
  readonly token: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export function visitOf({ kind, token, request }: TokenRequest): Visit {
  return { kind, token, client: clientOf(request) };
}
