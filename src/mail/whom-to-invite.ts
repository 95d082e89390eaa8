import { invalidFields } from '../errors.ts';
import { parseDuration } from '../lib/duration.ts';
import { parseId } from '../lib/parse-id.ts';
import type { Db } from '../storage/tables.ts';
import { stillToInviteAmong } from './invited-store.ts';

/**
 * Which accounts of a group get a mail, by earlier mails with codes. `never`: accounts that got none. `agoMs`: accounts
 * whose last one is at least that old. Both leave out accounts with a waiting mail. `everyone`: all.
 */
export type InvitedBefore = 'never' | 'everyone' | { readonly agoMs: number };

/** `waiting`: the accounts in the states `never` and `waiting`. */
export type InvitedGroup = 'waiting' | 'all';

/** The fields of a request that are about a group. */
type GroupFields = Readonly<Partial<Record<'invited' | 'domain' | 'space', string | undefined>>>;

/** Accounts that a request names one by one, or a group of them. */
export type NamedOrGroup<Name> =
  | { readonly kind: 'named'; readonly accounts: readonly Name[] }
  | { readonly kind: 'group'; readonly filter: InvitedGroup };

/**
 * Returns the accounts or the group that a request names. Throws `fields-invalid` if it names both or neither, or if it
 * names accounts and has a field that is about a group.
 */
export function namedOrGroup<Name>(
  accounts: readonly Name[] | undefined,
  filter: InvitedGroup | undefined,
  ofGroup: GroupFields,
): NamedOrGroup<Name> {
  if (accounts === undefined) {
    if (filter === undefined) throw invalidFields({ accounts: [{ code: 'or-required', other: 'filter' }] });
    return { kind: 'group', filter };
  }
  if (filter !== undefined) throw invalidFields({ accounts: [{ code: 'not-combinable', other: 'filter' }] });
  const given = Object.entries(ofGroup).filter(([, value]) => value !== undefined);
  const complaint = { code: 'not-combinable', other: 'accounts' } as const;
  if (given.length > 0) throw invalidFields(Object.fromEntries(given.map(([name]) => [name, [complaint]])));
  return { kind: 'named', accounts };
}

/** Which of the accounts that somebody names, or of a group, get a mail. */
export interface WhomToInvite {
  readonly invited: InvitedBefore;
  /** Whether somebody named these accounts. If it is only one and blocked, it is refused. */
  readonly areNamed: boolean;
}

/**
 * Returns which accounts get a mail: all that are named one by one, or those of a group that `invited` selects. By
 * default, these are the accounts to which no code was mailed yet. Throws `fields-invalid`.
 */
export function whomToInvite(to: NamedOrGroup<unknown>['kind'], invited = 'never'): WhomToInvite {
  return to === 'named'
    ? { invited: 'everyone', areNamed: true }
    : { invited: readInvitedBefore(invited), areNamed: false };
}

/** Parses `never`, `everyone` or a duration such as `7d`. */
function readInvitedBefore(text: string): InvitedBefore {
  if (text === 'never' || text === 'everyone') return text;
  const agoMs = parseDuration(text);
  if (agoMs === undefined || agoMs === 0) {
    const examples = ['7d'];
    throw invalidFields({ invited: [{ code: 'not-a-duration', value: text, examples, forever: 'never' }] });
  }
  return { agoMs };
}

const maxDays = 365;
const dayMs = 86_400_000;

/** Parses the number of days since the last mail in a form. Throws `fields-invalid`. */
export function invitedDaysAgo(text: string): InvitedBefore {
  const days = parseId(text);
  if (days === undefined || days > maxDays) {
    throw invalidFields({ days: [{ code: 'not-a-count', min: 1, max: maxDays }] });
  }
  return { agoMs: days * dayMs };
}

/** Returns those of these ids whose accounts get the mail. */
export async function stillToInvite(
  db: Db,
  now: number,
  invited: InvitedBefore,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  if (invited === 'everyone') return new Set(ids);
  return stillToInviteAmong(db, ids, invited === 'never' ? undefined : now - invited.agoMs);
}
