import type { Account } from '../accounts/account.ts';
import { AppError } from '../errors.ts';
import { type AccountEvent, type Event, type NewEvent, type Refusal, refusals } from '../events/event.ts';
import type { Client, Token, TokenKind } from './token.ts';

/** A token and its account as they were found. */
interface Found {
  readonly kind: TokenKind;
  readonly token: Token;
  readonly account: Account;
}

/** Returns the event for a client's request with a token. */
export function tokenEvent(
  kind: Event['kind'],
  found: Found,
  client: Client,
  at: number,
  detail: NewEvent['detail'] = {},
): AccountEvent {
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
