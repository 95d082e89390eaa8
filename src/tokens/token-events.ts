import type { Account } from '../accounts/account.ts';
import { AppError } from '../errors.ts';
import {
  type EventDetail,
  type Refusal,
  type RepeatableEvent,
  type RepeatableKind,
  refusals,
} from '../events/event.ts';
import type { Client, Token, TokenKind } from './token.ts';

interface Found {
  readonly kind: TokenKind;
  readonly token: Token;
  readonly account: Account;
}

/** Returns the event for a client's request that used up no token. */
export function tokenEvent(
  kind: RepeatableKind,
  found: Found,
  { client, at, detail }: { readonly client: Client; readonly at: number; readonly detail: EventDetail },
): RepeatableEvent {
  const { token, account } = found;
  return {
    at,
    kind,
    spaceId: account.spaceId,
    accountId: account.id,
    tokenId: token.id,
    address: client.address,
    agent: client.agent,
    detail: found.kind === 'auth' ? { ...detail, code: 'auth' } : detail,
  };
}

export function refusalOfError(error: unknown): Refusal {
  if (!(error instanceof AppError)) return 'failed';
  const known = error.factsOf('request-malformed')?.why ?? error.code;
  return refusals.find((each) => each === known) ?? 'failed';
}
