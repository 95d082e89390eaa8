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
  /** Each account's `failure`. Mail failures are one group, so they have only `mailFailure` in common. */
  readonly failure: string;
  readonly count: number;
  /** The accounts that failed last. */
  readonly latest: readonly ListedAccount[];
}

/**
 * Returns what failed within the last seven days, grouped by reason. The reason with the latest failure comes first.
 * Only the latest thousand failures of a space are looked at.
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

/** Mails are one group, because two mail servers word the same failure differently. */
function reasonOf(failure: string): string {
  return failure.startsWith(mailFailure) ? mailFailure : failure;
}

/** Returns how many accounts of a space were set up, but have no phone any more. */
export function accountsWithoutPhones({ database }: Pick<ListContext, 'database'>, spaceId: number): Promise<number> {
  return countWithoutPhones(database, spaceId);
}
