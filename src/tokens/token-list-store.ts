import { AppError } from '../errors.ts';
import { type Actor, actorOfColumns } from '../events/actor.ts';
import { maxListed } from '../lib/max-listed.ts';
import { parseId } from '../lib/parse-id.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import { lostAnswersKeptMs, type Outcome } from './token.ts';

/**
 * The part of a provisioning token that administrators can see, which is not enough to use it. Times are in epoch
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

function provisioningTokens(db: Db) {
  return db
    .selectFrom('tokens')
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

type Row = Awaited<ReturnType<ReturnType<typeof provisioningTokens>['executeTakeFirstOrThrow']>>;

function ofAccount(db: Db, accountId: number) {
  return provisioningTokens(db).where('account_id', '=', accountId);
}

/** Returns the newest tokens, the latest first. */
export async function listTokenRows(db: Db, accountId: number): Promise<ListedToken[]> {
  return (await ofAccount(db, accountId).orderBy('id', 'desc').limit(maxListed).execute()).map(tokenOf);
}

/** Returns the token with this decimal id. Throws `not-found` if there is none. */
export async function getListedToken(db: Db, accountId: number, id: string): Promise<ListedToken> {
  const token = await findListedToken(db, accountId, id);
  if (token === undefined) throw new AppError('not-found', { what: 'token', name: id });
  return token;
}

export async function findListedToken(db: Db, accountId: number, id: string): Promise<ListedToken | undefined> {
  const number = parseId(id);
  if (number === undefined) return undefined;
  const row = await ofAccount(db, accountId).where('id', '=', number).executeTakeFirst();
  return row && tokenOf(row);
}

/** A code that was not used yet, and the salt to show it again. */
export interface StoredCode extends ListedToken {
  readonly hash: string;
  /** null if the code was issued by a version that could not show codes again. */
  readonly salt: string | null;
  readonly resetsPassword: boolean;
}

/** Returns the account's open code, if there is one. */
export async function findOpenCode(db: Db, accountId: number, now: number): Promise<StoredCode | undefined> {
  return (await findOpenCodes(db, [accountId], now)).get(accountId);
}

/** Returns the open codes of these accounts, by account id. */
export async function findOpenCodes(
  db: Db,
  accountIds: readonly number[],
  now: number,
): Promise<ReadonlyMap<number, StoredCode>> {
  if (accountIds.length === 0) return new Map();
  const rows = await provisioningTokens(db)
    .where('account_id', 'in', accountIds)
    .where('claimed_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where((of) => of.or([of('expires_at', 'is', null), of('expires_at', '>', now)]))
    .select(({ ref }) => ref('account_id').$notNull().as('accountId'))
    .select(['token_hash as hash', 'salt', 'resets_password as resetsPassword'])
    // Of several, the last one counts.
    .orderBy('id')
    .execute();
  return new Map(
    rows.map(({ accountId, hash, salt, resetsPassword, ...token }) => [
      accountId,
      { ...tokenOf(token), hash, salt, resetsPassword: resetsPassword !== 0 },
    ]),
  );
}

/** Returns whether a code of the account is valid, or may still be answered again after its answer was lost. */
export async function hasCodeToEnd(db: Db, accountId: number, now: number): Promise<boolean> {
  const row = await ofAccount(db, accountId)
    .where('revoked_at', 'is', null)
    .where((of) => {
      const isValid = of.or([of('expires_at', 'is', null), of('expires_at', '>', now)]);
      const mayRepeat = of.and([of('outcome', '<>', 'delivered'), of('claimed_at', '>', now - lostAnswersKeptMs)]);
      return of.or([of.and([of('claimed_at', 'is', null), isValid]), mayRepeat]);
    })
    .executeTakeFirst();
  return row !== undefined;
}

/** A code, valid or not, and the process that answered it. */
export interface NewestCode extends ListedToken {
  readonly outcome: Outcome | null;
  readonly bootId: string | null;
}

/** Returns the code that was last issued for the account, whatever its state is. */
export async function findNewestCode(db: Db, accountId: number): Promise<NewestCode | undefined> {
  const row = await ofAccount(db, accountId)
    .select('boot_id as bootId')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { bootId, ...token } = row;
  return { ...tokenOf(token), outcome: token.outcome as Outcome | null, bootId };
}

export async function setTokenExpiry(tx: Transaction, id: number, expiresAt: number | null): Promise<void> {
  await tx.updateTable('tokens').set({ expires_at: expiresAt }).where('id', '=', id).execute();
}

function tokenOf({ actor_kind, actor_id, actor_name, ...token }: Row): ListedToken {
  return { ...token, issuer: actorOfColumns({ actor_kind, actor_id, actor_name }) };
}
