import type { Account } from '../accounts/account.ts';
import { type AccountRow, accountColumns, accountOf } from '../accounts/account-row.ts';
import type { PageAfter } from '../lib/page-of-rows.ts';
import { rows } from '../storage/database.ts';
import { type Step, statement, sweep } from '../storage/statement.ts';
import type { Db, Transaction } from '../storage/tables.ts';

/** A session in the panel: one person in one browser. Times are in epoch milliseconds. */
export interface Session {
  readonly id: number;
  readonly accountId: number;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** When the password was last given in this session. */
  readonly confirmedAt: number;
  /** The client address at the sign-in. */
  readonly address: string;
  readonly agent: string;
}

const sessionColumns = [
  'sessions.id as session_id',
  'sessions.account_id',
  'sessions.created_at as session_created_at',
  'sessions.last_used_at',
  'sessions.confirmed_at',
  'sessions.address',
  'sessions.agent',
] as const;

function sessionsWithAccounts(db: Db) {
  return db
    .selectFrom('sessions')
    .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
    .leftJoin('external_accounts', 'external_accounts.account_id', 'accounts.id')
    .select([...accountColumns, ...sessionColumns, 'sessions.previous_hash']);
}

const byHash = statement<{ hash: string }>()((db, at) =>
  sessionsWithAccounts(db).where('sessions.token_hash', '=', at.hash),
);
const byPreviousHash = statement<{ hash: string }>()((db, at) =>
  sessionsWithAccounts(db).where('sessions.previous_hash', '=', at.hash),
);
const byId = statement<{ id: number }>()((db, at) => sessionsWithAccounts(db).where('sessions.id', '=', at.id));

interface SessionRow {
  session_id: number;
  account_id: number;
  session_created_at: number;
  last_used_at: number;
  confirmed_at: number;
  address: string;
  agent: string;
}

type FoundRow = SessionRow & AccountRow & { readonly previous_hash: string | null };

export interface FoundSession {
  readonly session: Session;
  readonly account: Account;
  /** Whether the secret before still works, because the current one has not been used. */
  readonly hasPrevious: boolean;
}

/** Finds a session and its account with one prepared query. */
export async function findSession(db: Db, hash: string): Promise<FoundSession | undefined> {
  return foundIn(await rows(db, byHash, { hash }));
}

/** Finds a session by the secret that it had before, which works until the current one is used. */
export async function findSessionByPrevious(db: Db, hash: string): Promise<FoundSession | undefined> {
  return foundIn(await rows(db, byPreviousHash, { hash }));
}

export async function findSessionById(db: Db, id: number): Promise<FoundSession | undefined> {
  return foundIn(await rows(db, byId, { id }));
}

/**
 * Lists the account's sessions, starting with the newest: their order stays the same while they are used, so that the
 * next page skips none.
 */
export async function listSessionRows(db: Db, accountId: number, { after, limit }: PageAfter): Promise<Session[]> {
  const all = db.selectFrom('sessions').where('account_id', '=', accountId).select(sessionColumns);
  const page = after === undefined ? all : all.where('id', '<', after);
  return (await page.orderBy('id', 'desc').limit(limit).execute()).map(sessionOf);
}

export async function countSessions(db: Db, accountId: number): Promise<number> {
  const sessions = db.selectFrom('sessions').where('account_id', '=', accountId);
  const { total } = await sessions.select((of) => of.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  return Number(total);
}

export async function insertSession(
  tx: Transaction,
  session: Omit<Session, 'id' | 'lastUsedAt' | 'confirmedAt'> & { readonly hash: string },
): Promise<void> {
  await tx
    .insertInto('sessions')
    .values({
      token_hash: session.hash,
      account_id: session.accountId,
      created_at: session.createdAt,
      last_used_at: session.createdAt,
      confirmed_at: session.createdAt,
      address: session.address,
      agent: session.agent,
    })
    .execute();
}

/** Returns whether the session still exists. */
export async function hasSession(tx: Transaction, id: number): Promise<boolean> {
  return (await tx.selectFrom('sessions').where('id', '=', id).select('id').executeTakeFirst()) !== undefined;
}

/** Deletes a session. Returns whether the account had it. */
export async function deleteSession(tx: Transaction, id: number, accountId: number): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('sessions')
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

const allSessions = statement<{ accountId: number }>()((db, at) =>
  db.deleteFrom('sessions').where('account_id', '=', at.accountId),
);

export function sessionsStep(accountId: number): Step {
  return sweep(allSessions, { accountId });
}

/** Deletes all sessions of the account, except the one with the id `kept`. */
export async function deleteSessions(tx: Transaction, accountId: number, kept?: number): Promise<void> {
  const sessions = tx.deleteFrom('sessions').where('account_id', '=', accountId);
  await (kept === undefined ? sessions : sessions.where('id', '!=', kept)).execute();
}

/** Deletes the sessions of all accounts. */
export async function deleteAllSessions(tx: Transaction): Promise<void> {
  await tx.deleteFrom('sessions').execute();
}

/** Deletes sessions that began before `begunBefore` or were last used before `idleSince`. */
export async function deleteEndedSessionRows(db: Db, begunBefore: number, idleSince: number): Promise<void> {
  await db
    .deleteFrom('sessions')
    .where((row) => row.or([row('created_at', '<', begunBefore), row('last_used_at', '<', idleSince)]))
    .execute();
}

function foundIn([row]: readonly FoundRow[]): FoundSession | undefined {
  if (row === undefined) return undefined;
  return { session: sessionOf(row), account: accountOf(row), hasPrevious: row.previous_hash !== null };
}

function sessionOf(row: SessionRow): Session {
  return {
    id: row.session_id,
    accountId: row.account_id,
    createdAt: row.session_created_at,
    lastUsedAt: row.last_used_at,
    confirmedAt: row.confirmed_at,
    address: row.address,
    agent: row.agent,
  };
}
