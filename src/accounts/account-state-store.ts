import { sql, type Updateable } from 'kysely';
import type { AccountStateTable } from '../storage/account-tables.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import {
  type AccountState,
  accountStates,
  forever,
  mailFailure,
  type StateCounts,
  type StateFacts,
} from './account-state.ts';

/**
 * The condition that the account of a row of `account_states` is not blocked, and no phone has received it yet. It does
 * not apply where an outer join found no row.
 */
export const hasNoPhone = sql<boolean>`account_states.state <> 'blocked' and account_states.used_at is null`;

export async function insertStateRows(
  tx: Transaction,
  rows: readonly Pick<AccountStateTable, 'account_id' | 'space_id' | 'group_name' | 'no_mail' | 'blocked_at'>[],
): Promise<void> {
  await tx.insertInto('account_states').values(rows).execute();
}

export async function updateStateRow(
  tx: Transaction,
  accountId: number,
  changes: Omit<Updateable<AccountStateTable>, 'account_id' | 'state'>,
): Promise<void> {
  await tx.updateTable('account_states').set(changes).where('account_id', '=', accountId).execute();
}

interface NotedCode {
  readonly at: number;
  readonly expiresAt: number | null;
}

/** Notes that the account has a valid code, which clears an earlier failure. */
export function noteCode(tx: Transaction, accountId: number, code: NotedCode): Promise<void> {
  return noteCodes(tx, [accountId], code);
}

/** Notes valid codes of several accounts. The codes have the same creation and expiry times. */
export async function noteCodes(
  tx: Transaction,
  accountIds: readonly number[],
  { at, expiresAt }: NotedCode,
): Promise<void> {
  await tx
    .updateTable('account_states')
    .set({ code_at: at, code_ends_at: expiresAt ?? forever, code_ended_at: null, failed_at: null, failure: null })
    .where('account_id', 'in', accountIds)
    .execute();
}

/** Notes that the account has no valid code any more. */
export async function noteCodeEnded(tx: Transaction, accountId: number, at: number): Promise<void> {
  await tx
    .updateTable('account_states')
    .set({ code_at: null, code_ends_at: null, code_ended_at: at })
    .where('account_id', '=', accountId)
    .where('code_ends_at', 'is not', null)
    .execute();
}

/** Notes that the mail server accepted a mail with a code, which clears the failure of an earlier mail. */
export async function noteMailSent(tx: Transaction, accountId: number, at: number): Promise<void> {
  await updateStateRow(tx, accountId, { invited_at: at });
  await tx
    .updateTable('account_states')
    .set({ failed_at: null, failure: null })
    .where('account_id', '=', accountId)
    .where('failure', 'like', `${mailFailure}%`)
    .execute();
}

/** Notes that the account has a new mail address, to which no code has been sent. */
export function noteNewAddress(tx: Transaction, accountId: number): Promise<void> {
  return updateStateRow(tx, accountId, { invited_at: null });
}

/** Notes that a mail to the account has failed for good, and why: an `UnsentReason`, or what the mail server said. */
export function noteMailFailed(tx: Transaction, accountId: number, at: number, why: string): Promise<void> {
  return updateStateRow(tx, accountId, { failed_at: at, failure: `${mailFailure}${why.slice(0, maxAnswerLength)}` });
}

const maxAnswerLength = 300;
const expiredAtOnce = 1_000;

/** Ends the codes that have expired. Returns whether there may be more of them. */
export async function expireCodes(db: Db, now: number): Promise<boolean> {
  const due = await db
    .selectFrom('account_states')
    .where('code_ends_at', '<=', now)
    .orderBy('code_ends_at')
    .limit(expiredAtOnce)
    .select('account_id')
    .execute();
  if (due.length === 0) return false;
  await db
    .updateTable('account_states')
    .set((row) => ({ code_ended_at: row.ref('code_ends_at'), code_at: null, code_ends_at: null }))
    .where(
      'account_id',
      'in',
      due.map(({ account_id }) => account_id),
    )
    .where('code_ends_at', '<=', now)
    .execute();
  return due.length === expiredAtOnce;
}

/** Ends all codes. For a restored database. */
export async function endAllCodes(tx: Transaction, now: number): Promise<void> {
  await tx
    .updateTable('account_states')
    .set({ code_at: null, code_ends_at: null, code_ended_at: now })
    .where('code_ends_at', 'is not', null)
    .execute();
}

export async function findStates(db: Db, ids: readonly number[]): Promise<Map<number, StateFacts>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('account_states').where('account_id', 'in', ids).selectAll().execute();
  return new Map(
    rows.map((row) => [
      row.account_id,
      {
        state: row.state as AccountState,
        blockedAt: row.blocked_at,
        failedAt: row.failed_at,
        failure: row.failure,
        usedAt: row.used_at,
        codeEndsAt: row.code_ends_at,
        codeEndedAt: row.code_ended_at,
        invitedAt: row.invited_at,
      },
    ]),
  );
}

/** Returns how many accounts of the space are in each state. It reads stored counts instead of counting. */
export async function countStates(db: Db, spaceId: number): Promise<StateCounts> {
  const { rows } = await sql<{ state: AccountState; count: number }>`
    select state, sum(count) as count from (
      select state, count from account_counts where space_id = ${spaceId}
      union all select state, delta from account_count_changes where space_id = ${spaceId}
    ) as counted group by state`.execute(db);
  const counts = new Map(rows.map(({ state, count }) => [state, Number(count)]));
  return Object.fromEntries(accountStates.map((state) => [state, counts.get(state) ?? 0])) as StateCounts;
}

const addedAtOnce = 5_000;

/**
 * Adds pending changes of counts to the counts. The changes are separate rows, because writers of one shared row would
 * wait for each other. Returns whether more of them may remain.
 */
export async function addCountsUp(tx: Transaction): Promise<boolean> {
  const gone = await tx
    .deleteFrom('account_count_changes')
    .where('id', 'in', (from) => from.selectFrom('account_count_changes').orderBy('id').limit(addedAtOnce).select('id'))
    .returning(['space_id', 'state', 'delta'])
    .execute();
  const sums = new Map<string, { spaceId: number; state: string; delta: number }>();
  for (const { space_id: spaceId, state, delta } of gone) {
    const key = `${spaceId} ${state}`;
    sums.set(key, { spaceId, state, delta: (sums.get(key)?.delta ?? 0) + delta });
  }
  // In a fixed order, because otherwise two nodes could deadlock.
  const inOrder = [...sums].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, sum]) => sum);
  for (const { spaceId, state, delta } of inOrder) {
    if (delta === 0) continue;
    // A space may have been deleted meanwhile.
    await sql`insert into account_counts (space_id, state, count)
      select id, ${state}, ${sql.lit(delta)} from spaces where id = ${spaceId}
      on conflict (space_id, state) do update set count = account_counts.count + ${sql.lit(delta)}`.execute(tx);
  }
  return gone.length === addedAtOnce;
}
