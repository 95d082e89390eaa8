import type { Insertable } from 'kysely';
import type { Account } from '../accounts/account.ts';
import { accountColumns, accountOf } from '../accounts/account-row.ts';
import type { Actor } from '../events/actor.ts';
import { required } from '../lib/required.ts';
import { rows } from '../storage/database.ts';
import { statement } from '../storage/statement.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import type { TokenTable } from '../storage/token-tables.ts';
import type { Outcome, Token, TokenKind } from './token.ts';

const tokenColumns = [
  'tokens.id as token_id',
  'tokens.created_at as token_created_at',
  'tokens.expires_at',
  'tokens.revoked_at',
  'tokens.claimed_at',
  'tokens.outcome',
  'tokens.ended_at as token_ended_at',
  'tokens.boot_id',
  'tokens.claim_id',
  'tokens.attempts',
  'tokens.client_address',
  'tokens.client_agent',
] as const;

const byHash = statement<{ kind: string; hash: string }>()((db, at) =>
  db
    .selectFrom('tokens')
    .innerJoin('accounts', 'accounts.id', 'tokens.account_id')
    .leftJoin('external_accounts', 'external_accounts.account_id', 'accounts.id')
    .where('tokens.token_hash', '=', at.hash)
    .where('tokens.kind', '=', at.kind)
    .select([...accountColumns, ...tokenColumns]),
);

interface TokenRow {
  token_id: number;
  token_created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  claimed_at: number | null;
  outcome: string | null;
  token_ended_at: number | null;
  boot_id: string | null;
  claim_id: string | null;
  attempts: number;
  client_address: string | null;
  client_agent: string | null;
}

/** Finds a token and its account with one prepared query. */
export async function findToken(
  db: Db,
  kind: TokenKind,
  hash: string,
): Promise<{ token: Token; account: Account } | undefined> {
  const [row] = await rows(db, byHash, { kind, hash });
  return row === undefined ? undefined : { token: tokenOf(row), account: accountOf(row) };
}

function tokenOf(row: TokenRow): Token {
  return {
    id: row.token_id,
    createdAt: row.token_created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    claimedAt: row.claimed_at,
    outcome: row.outcome as Outcome | null,
    endedAt: row.token_ended_at,
    bootId: row.boot_id,
    claimId: row.claim_id,
    attempts: row.attempts,
    clientAddress: row.client_address,
    clientAgent: row.client_agent,
  };
}

export interface NewToken {
  readonly kind: TokenKind;
  readonly hash: string;
  readonly accountId: number | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly prefix?: string;
  readonly salt?: string;
  readonly resetsPassword?: boolean;
  readonly issuer?: Actor;
}

export async function insertToken(tx: Transaction, token: NewToken): Promise<number> {
  const [id] = await insertTokens(tx, [token]);
  return required(id);
}

/** Inserts tokens. Returns their ids in the same order. */
export async function insertTokens(tx: Transaction, tokens: readonly NewToken[]): Promise<number[]> {
  if (tokens.length === 0) return [];
  const inserted = await tx.insertInto('tokens').values(tokens.map(rowOf)).returning(['id', 'token_hash']).execute();
  const ids = new Map(inserted.map(({ id, token_hash: hash }) => [hash, id]));
  return tokens.map(({ hash }) => required(ids.get(hash)));
}

function rowOf(token: NewToken): Insertable<TokenTable> {
  return {
    kind: token.kind,
    token_hash: token.hash,
    prefix: token.prefix ?? null,
    salt: token.salt ?? null,
    resets_password: Number(token.resetsPassword ?? false),
    issuer_kind: token.issuer?.kind ?? null,
    issuer_id: token.issuer?.id ?? null,
    issuer_name: token.issuer?.name ?? null,
    account_id: token.accountId,
    created_at: token.createdAt,
    expires_at: token.expiresAt,
  };
}

/** Uses up a token without recording an outcome. Returns false if it was used or revoked, or has expired. */
export async function useToken(tx: Transaction, kind: TokenKind, hash: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('tokens')
    .set({ claimed_at: now })
    .where('token_hash', '=', hash)
    .where('kind', '=', kind)
    .where('claimed_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Revokes the account's tokens of one kind, or of all kinds. */
export async function revokeTokens(tx: Transaction, accountId: number, now: number, kind?: TokenKind): Promise<void> {
  const open = tx
    .updateTable('tokens')
    .set({ revoked_at: now })
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null);
  await (kind === undefined ? open : open.where('kind', '=', kind)).execute();
}

/**
 * Revokes the account's codes, used ones too, and its used auth tokens, so that no earlier answer is repeated. Auth
 * tokens that wait for their phone stay valid.
 */
export async function revokeCodes(tx: Transaction, accountId: number, now: number): Promise<void> {
  await tx
    .updateTable('tokens')
    .set({ revoked_at: now })
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .where(({ eb, and, or }) =>
      or([eb('kind', '=', 'provisioning'), and([eb('kind', '=', 'auth'), eb('claimed_at', 'is not', null)])]),
    )
    .execute();
}

export async function revokeTokenRow(tx: Transaction, id: number, now: number): Promise<void> {
  await tx
    .updateTable('tokens')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute();
}

const newer = statement<{ accountId: number; from: number; id: number }>()((db, at) =>
  db
    .selectFrom('tokens')
    .where('account_id', '=', at.accountId)
    .where('kind', '=', 'provisioning')
    .where('created_at', '=', at.from)
    .where('id', '>', at.id)
    .limit(1)
    .select('id'),
);

/** Returns whether a token was revoked because a newer one was issued. */
export async function isSuperseded(db: Db, accountId: number, token: Token): Promise<boolean> {
  if (token.revokedAt === null) return false;
  return (await rows(db, newer, { accountId, from: token.revokedAt, id: token.id })).length > 0;
}
