import { AppError } from '../errors.ts';
import { type Actor, actorOfColumns } from '../events/actor.ts';
import { parseId } from '../lib/parse-id.ts';
import type { Db, Transaction } from '../storage/tables.ts';

/**
 * What an administrator can see of a provisioning token, which is not enough to use it. Times are in epoch
 * milliseconds.
 */
export interface ListedToken {
  readonly id: number;
  /**
   * The first characters of the secret; null for tokens of early versions, which stored neither these nor the issuer.
   */
  readonly prefix: string | null;
  readonly issuer: Actor | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly claimedAt: number | null;
  readonly outcome: string | null;
}

function ofAccount(db: Db, accountId: number) {
  return db
    .selectFrom('tokens')
    .where('account_id', '=', accountId)
    .where('kind', '=', 'provisioning')
    .select([
      'id',
      'prefix',
      'issuer_kind as actor_kind',
      'issuer_id as actor_id',
      'issuer_name as actor_name',
      'created_at as createdAt',
      'expires_at as expiresAt',
      'revoked_at as revokedAt',
      'claimed_at as claimedAt',
      'outcome',
    ]);
}

type Row = Awaited<ReturnType<ReturnType<typeof ofAccount>['executeTakeFirstOrThrow']>>;

/** Returns the newest first. */
export async function listTokenRows(db: Db, accountId: number): Promise<ListedToken[]> {
  return (await ofAccount(db, accountId).orderBy('id', 'desc').execute()).map(tokenOf);
}

/** Returns the token with this decimal id, or throws `not-found`. */
export async function getListedToken(db: Db, accountId: number, id: string): Promise<ListedToken> {
  const number = parseId(id);
  const row =
    number === undefined ? undefined : await ofAccount(db, accountId).where('id', '=', number).executeTakeFirst();
  if (row === undefined) throw new AppError('not-found', { what: 'token', name: id });
  return tokenOf(row);
}

export async function setTokenExpiry(tx: Transaction, id: number, expiresAt: number | null): Promise<void> {
  await tx.updateTable('tokens').set({ expires_at: expiresAt }).where('id', '=', id).execute();
}

function tokenOf({ actor_kind, actor_id, actor_name, ...token }: Row): ListedToken {
  return { ...token, issuer: actorOfColumns({ actor_kind, actor_id, actor_name }) };
}
