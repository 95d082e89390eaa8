import { mailFailure } from '../accounts/account-state.ts';
import { countWithoutPhones } from '../devices/device-summary-store.ts';
import { type ListContext, type ListedAccount, listedAccounts } from './account-list.ts';
import { failedSince } from './listed-account-store.ts';

/** How long a failure needs attention. */
export const recentDays = 7;
export const recentMs = recentDays * 24 * 60 * 60_000;
const maxCounted = 1_000;
const maxShownOfReason = 4;

/** Accounts that failed for the same reason. */
export interface FailedGroup {
  /** The `failure` of their states. Failed mails have only `mailFailure` in common. */
  readonly failure: string;
  readonly count: number;
  /** Those that failed last. */
  readonly latest: readonly ListedAccount[];
}

/**
 * Returns what failed within the last seven days, by reason: the one that struck last comes first. Of a space in which
 * everything fails it counts the latest thousand.
 */
export async function accountsNeedingAttention(
  { database, now }: ListContext,
  spaceId: number,
): Promise<readonly FailedGroup[]> {
  const failed = await failedSince(database, spaceId, { since: now() - recentMs, limit: maxCounted });
  const byReason = [...Map.groupBy(failed, ({ failure }) => reasonOf(failure))];
  const shown = byReason.flatMap(([, some]) => some.slice(0, maxShownOfReason).map(({ accountId }) => accountId));
  const byId = new Map((await listedAccounts(database, shown)).map((listed) => [listed.account.id, listed]));
  return byReason.map(([failure, some]) => ({
    failure,
    count: some.length,
    latest: some.slice(0, maxShownOfReason).flatMap(({ accountId }) => byId.get(accountId) ?? []),
  }));
}

/** Two mail servers word the same differently. */
function reasonOf(failure: string): string {
  return failure.startsWith(mailFailure) ? mailFailure : failure;
}

/** Returns how many accounts of a space were set up, but have no phone left. */
export function accountsWithoutPhones({ database }: Pick<ListContext, 'database'>, spaceId: number): Promise<number> {
  return countWithoutPhones(database, spaceId);
}
