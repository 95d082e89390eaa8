import { sql } from 'kysely';
import { rows } from '../storage/database.ts';
import { type Step, statement, step, sweep } from '../storage/statement.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import type { TokenKind } from './token.ts';

// Auth and setup tokens are created before their account is known.

export interface OpenAuthToken {
  readonly hash: string;
  /** The network that requested the token; see `clientNetwork`. */
  readonly network: string;
  readonly expiresAt: number;
}

const insert = statement<{ hash: string; network: string; createdAt: number; expiresAt: number }>()((db, token) =>
  db.insertInto('tokens').values({
    kind: 'auth',
    token_hash: token.hash,
    client_address: token.network,
    created_at: token.createdAt,
    expires_at: token.expiresAt,
  }),
);

const remove = statement<{ hash: string }>()((db, token) =>
  db
    .deleteFrom('tokens')
    .where('token_hash', '=', token.hash)
    .where('kind', '=', 'auth')
    .where('claimed_at', 'is', null),
);

/**
 * Returns the steps that insert a token and delete the one that it displaces. They fail if that one has been claimed
 * meanwhile.
 */
export function storingSteps(
  { hash, network, createdAt, expiresAt }: OpenAuthToken & { readonly createdAt: number },
  displaced: string | undefined,
): Step[] {
  const stores = step(insert, { hash, network, createdAt, expiresAt });
  return displaced === undefined ? [stores] : [stores, step(remove, { hash: displaced })];
}

/** Returns the open tokens, oldest first. */
export async function listOpenAuthTokens(db: Db, now: number): Promise<OpenAuthToken[]> {
  const found = await db
    .selectFrom('tokens')
    // As a literal instead of a parameter, so that the partial index is used.
    .where('kind', '=', sql.lit('auth'))
    .where('expires_at', '>', now)
    .where('claimed_at', 'is', null)
    .orderBy('expires_at')
    .select(['token_hash', 'client_address', 'expires_at'])
    .execute();
  return found.map((row) => ({
    hash: row.token_hash,
    network: row.client_address ?? '',
    expiresAt: row.expires_at ?? Number.POSITIVE_INFINITY,
  }));
}

/**
 * Attaches an open auth token to an account. Returns false if the token is unknown, has ended or is already attached.
 */
export async function attachAuthTokenRow(
  tx: Transaction,
  hash: string,
  accountId: number,
  now: number,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('tokens')
    .set({ account_id: accountId })
    .where('token_hash', '=', hash)
    .where('kind', '=', 'auth')
    .where('account_id', 'is', null)
    .where('claimed_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Tokens that sign in, or set a password without the old one. `auth` tokens have an account once they are attached. */
const signInKinds: readonly TokenKind[] = ['auth', 'login', 'password-reset'];

const revokeUnusedSignIns = statement<{ accountId: number; now: number }>()((db, at) =>
  db
    .updateTable('tokens')
    .set({ revoked_at: at.now })
    .where('account_id', '=', at.accountId)
    .where('kind', 'in', signInKinds)
    .where('claimed_at', 'is', null)
    .where('revoked_at', 'is', null),
);

/** Returns the step that revokes the unused ones. The token that sets the new password is used together with it. */
export function signInTokensStep(accountId: number, now: number): Step {
  return sweep(revokeUnusedSignIns, { accountId, now });
}

/**
 * Revokes the account's unused links that sign in or lead to a new password, and its auth tokens. A used auth token is
 * revoked too, because its answer could be repeated, and would contain the new password's HA1s.
 */
export async function revokeSignInTokens(tx: Transaction, accountId: number, now: number): Promise<void> {
  await tx
    .updateTable('tokens')
    .set({ revoked_at: now })
    .where('account_id', '=', accountId)
    .where('kind', 'in', signInKinds)
    .where(({ eb, or }) => or([eb('kind', '=', 'auth'), eb('claimed_at', 'is', null)]))
    .where('revoked_at', 'is', null)
    .execute();
}

const open = statement<{ hash: string; kind: string; now: number }>()((db, at) =>
  db
    .selectFrom('tokens')
    .select('id')
    .where('token_hash', '=', at.hash)
    .where('kind', '=', at.kind)
    .where('claimed_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', at.now),
);

export async function isTokenOpen(db: Db, kind: TokenKind, hash: string, now: number): Promise<boolean> {
  return (await rows(db, open, { hash, kind, now })).length > 0;
}

/** Revokes all tokens of a kind that belong to no account. */
export async function revokeUnowned(tx: Transaction, kind: TokenKind, now: number): Promise<void> {
  await tx
    .updateTable('tokens')
    .set({ revoked_at: now })
    .where('kind', '=', kind)
    .where('account_id', 'is', null)
    .where('revoked_at', 'is', null)
    .execute();
}
