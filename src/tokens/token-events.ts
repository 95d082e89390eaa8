import { hash } from 'node:crypto';
import type { Account } from '../accounts/account.ts';
import { AppError } from '../errors.ts';
import type { Event, NewEvent, Refusal } from '../events/event.ts';
import { refusals } from '../events/event.ts';
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
): NewEvent {
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

/** `account` is as it was after the answer. */
export function fetchedEvent(found: Found, account: Account, document: string, client: Client, at: number): NewEvent {
  const { token, account: before } = found;
  return tokenEvent('fetched', found, client, at, {
    document: documentMark(document),
    ...(token.claimedAt === null ? {} : { again: true }),
    ...(before.activatedAt === null ? { activated: true } : {}),
    ...(before.ha1s === account.ha1s ? {} : { new_password: true }),
  });
}

/** Returns a short hash that tells documents apart in a list. */
export function documentMark(document: string): string {
  return hash('sha256', document).slice(0, 12);
}

export function refusalOfError(error: unknown): Refusal {
  if (!(error instanceof AppError)) return 'failed';
  const known = error.factsOf('request-malformed')?.why ?? error.code;
  return Object.hasOwn(refusals, known) ? (known as Refusal) : 'failed';
}
