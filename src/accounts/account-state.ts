export const accountStates = ['never', 'waiting', 'failed', 'active', 'blocked'] as const;

/**
 * How far an account's phones are. The first that applies counts: *blocked*; *failed*: the last code was lost or
 * refused, or the last mail failed, and nothing happened since; *active*: a code was used; *waiting*: a code is valid;
 * *never*.
 */
export type AccountState = (typeof accountStates)[number];

/** The filters of account lists: a state, or the accounts without a mail address. */
export const listFilters = [...accountStates, 'no-mail'] as const;
export type ListFilterName = (typeof listFilters)[number];

/** The state of an account, and the facts that it follows from. Times are in epoch milliseconds. */
export interface StateFacts {
  readonly state: AccountState;
  readonly blockedAt: number | null;
  readonly failedAt: number | null;
  /**
   * Why the account failed: `lost`, a reason of the event `refused`, or `mail: ` and an `UnsentReason` or what the mail
   * server said.
   */
  readonly failure: string | null;
  /** When a code was used for the last time. */
  readonly usedAt: number | null;
  /** When the valid code expires; `forever` if it does not. */
  readonly codeEndsAt: number | null;
  /** When the last code ended without being used. */
  readonly codeEndedAt: number | null;
  /** When a mail server took the last mail with a code to the current address. */
  readonly invitedAt: number | null;
}

/** Stands for the expiry of a code that never expires: the last moment that a `Date` can represent. */
export const forever = 8_640_000_000_000_000;

/** The beginning of a `failure` that is about a mail. */
export const mailFailure = 'mail: ';

export type StateCounts = Readonly<Record<AccountState, number>>;
