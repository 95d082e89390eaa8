import { lockAccount } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import { type PageAfter, type PageOfRows, pageOfRows } from '../lib/page-of-rows.ts';
import { hashSecret, sessionSecret } from '../lib/random-token.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import type { Transaction } from '../storage/tables.ts';
import type { Caller } from './caller.ts';
import type { LastUses } from './last-uses.ts';
import { confirmSession, endPreviousSecret, renewSession } from './session-secret-store.ts';
import {
  deleteEndedSessionRows,
  deleteSession,
  deleteSessions,
  type FoundSession,
  findSession,
  findSessionById,
  findSessionByPrevious,
  hasSession,
  insertSession,
  listSessionRows,
  type Session,
} from './session-store.ts';

export type { Session } from './session-store.ts';

/** A session ends after this time without a request. */
export const idleLimitMs = 12 * 3_600_000;
/** A session ends after this time even if it is used. */
export const maxLifetimeMs = 30 * 86_400_000;
/** For this long, the password need not be given again. */
const confirmedForMs = 10 * 60_000;
/** For this long, the answer with a new secret may be on its way. Proxies rarely wait longer for an answer. */
const deliveryMs = 60_000;

export interface SessionContext {
  readonly database: Database;
  readonly spaces: SpaceDirectory;
  readonly sessionUses: LastUses;
  now(): number;
}

export interface Browser {
  readonly address: string;
  readonly agent: string;
}

/** Starts a session and returns its secret. The caller must have locked the account. */
export async function startSessionIn(
  tx: Transaction,
  accountId: number,
  now: number,
  browser: Browser,
): Promise<string> {
  const secret = sessionSecret();
  await insertSession(tx, { ...browser, hash: hashSecret(secret), accountId, createdAt: now });
  return secret;
}

/**
 * Returns the caller that a session belongs to, or undefined if the session is unknown or has ended. `isUse`: whether
 * this counts as a use, which restarts the idle time.
 */
export async function callerOfSession(
  context: SessionContext,
  secret: string,
  { isUse = true }: { readonly isUse?: boolean } = {},
): Promise<Caller | undefined> {
  const hash = hashSecret(secret);
  const caller = (await callerByCurrent(context, hash)) ?? (await callerByPrevious(context, hash));
  if (isUse && caller?.session !== undefined) context.sessionUses.record(caller.session, context.now());
  return caller;
}

async function callerByCurrent(context: SessionContext, hash: string): Promise<Caller | undefined> {
  const found = await findSession(context.database, hash);
  if (found === undefined) return undefined;
  const caller = await callerOf(context, found);
  // Now the browser is known to have it.
  if (caller !== undefined && found.hasPrevious) await endPreviousSecret(context.database, hash);
  return caller;
}

/**
 * Returns the caller that has the secret from before the password was given again. To this caller, the password counts
 * as not given, so that the secret allows no more than before.
 */
async function callerByPrevious(context: SessionContext, hash: string): Promise<Caller | undefined> {
  const found = await findSessionByPrevious(context.database, hash);
  if (found === undefined) return undefined;
  return callerOf(context, { ...found, session: { ...found.session, confirmedAt: 0 } });
}

/** Returns whether the caller's session goes on with the same rights, even if its secret has been replaced since. */
export async function isStillCalling(context: SessionContext, { account, session }: Caller): Promise<boolean> {
  const found = session === undefined ? undefined : await findSessionById(context.database, session.id);
  const now = found === undefined ? undefined : await callerOf(context, found);
  return now?.account.admin === account.admin;
}

/** Returns undefined if the session has ended, or if its account is blocked. */
async function callerOf(context: SessionContext, { session, account }: FoundSession): Promise<Caller | undefined> {
  const lastUsedAt = context.sessionUses.lastUse(session);
  if (hasEnded(session, lastUsedAt, context.now()) || account.blockedAt !== null) return undefined;
  const space = await context.spaces.findByRow(account);
  return space === undefined ? undefined : { account, space, rights: 'account', by: 'session', session };
}

/**
 * Returns whether the password was given recently enough that it need not be given again. Clocks of several nodes may
 * differ by less than this time; a moment that is further in the future no longer counts.
 */
export function isConfirmed({ confirmedAt }: Pick<Session, 'confirmedAt'>, now: number): boolean {
  return Math.abs(now - confirmedAt) < confirmedForMs;
}

/**
 * Notes that the password was given, and replaces the session's secret. The one before works until the new one is used,
 * because the answer may be lost. Returns the new secret, or undefined if another request has just got one that the
 * browser may still receive: a second one would end that. Throws `session-required` if the session has ended.
 */
export function renewConfirmed(context: SessionContext, { id, accountId }: Session): Promise<string | undefined> {
  return inTransaction(context.database, async (tx) => {
    await lockAccount(tx, accountId);
    const secret = sessionSecret();
    const now = context.now();
    if (await confirmSession(tx, id, { hash: hashSecret(secret), now, renewedBefore: now - deliveryMs })) return secret;
    if (!(await hasSession(tx, id))) throw new AppError('session-required', {});
    return undefined;
  });
}

/**
 * Confirms the session that sets a new password, inside a transaction that has locked the account, and replaces its
 * secret. The one before ends at once: others may have it, and this may be why the password is new. Throws
 * `session-required` if the session has ended.
 */
export async function renewSessionIn(tx: Transaction, id: number, now: number): Promise<string> {
  const secret = sessionSecret();
  if (!(await renewSession(tx, id, hashSecret(secret), now))) throw new AppError('session-required', {});
  return secret;
}

/** Lists a page of the account's sessions, starting with the newest. */
export async function listSessions(
  { database }: Pick<SessionContext, 'database'>,
  accountId: number,
  { after, limit }: PageAfter,
): Promise<PageOfRows<Session>> {
  return pageOfRows(await listSessionRows(database, accountId, { after, limit: limit + 1 }), limit);
}

/** Ends one session of the account. Throws `not-found` if the account does not have it. */
export async function endSession(
  { database }: Pick<SessionContext, 'database'>,
  accountId: number,
  id: number,
): Promise<void> {
  const ended = await inTransaction(database, (tx) => deleteSession(tx, id, accountId));
  if (!ended) throw new AppError('not-found', { what: 'session' });
}

/** Ends all sessions of the account, except the one with the id `kept`. */
export async function endSessions(
  { database }: Pick<SessionContext, 'database'>,
  accountId: number,
  kept?: number,
): Promise<void> {
  await inTransaction(database, (tx) => deleteSessions(tx, accountId, kept));
}

/**
 * Deletes sessions that have ended. Does nothing if pending uses cannot be written to the database, because they may
 * keep a session valid.
 */
export async function deleteEndedSessions({
  database,
  sessionUses,
  now,
}: Omit<SessionContext, 'spaces'>): Promise<void> {
  if (!(await sessionUses.flush())) return;
  await deleteEndedSessionRows(database, now() - maxLifetimeMs, now() - idleLimitMs);
}

function hasEnded({ createdAt }: Session, lastUsedAt: number, now: number): boolean {
  return createdAt + maxLifetimeMs <= now || lastUsedAt + idleLimitMs <= now;
}
