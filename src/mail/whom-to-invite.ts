import { findStates } from '../accounts/account-state-store.ts';
import { invalidFields } from '../errors.ts';
import { parseDuration } from '../lib/duration.ts';
import { parseId } from '../lib/parse-id.ts';
import type { Db } from '../storage/tables.ts';
import { withWaitingMail } from './mail-store.ts';

/**
 * Whom a mail to many reaches, by earlier mails with codes. `never`: those who got none. `agoMs`: those who got the
 * last one that long ago. Neither reaches those for whom a mail waits. `everyone`: all.
 */
export type InvitedBefore = 'never' | 'everyone' | { readonly agoMs: number };

/** What a request says about the group that it means, by the names of its fields. */
type GroupFields = Readonly<Partial<Record<'invited' | 'domain' | 'space', string | undefined>>>;

/**
 * Returns whom a mail reaches: of accounts that are named one by one, all; of a group, those that `invited` selects, by
 * default those who were mailed no code yet. Throws `fields-invalid`.
 */
export function whomToInvite(to: 'named' | 'group', fields: GroupFields = {}): InvitedBefore {
  if (to === 'group') return readInvitedBefore(fields.invited ?? 'never');
  refuseBesideAccounts(fields);
  return 'everyone';
}

/** Throws `fields-invalid` if one of these is given: accounts that are named one by one are in no group. */
export function refuseBesideAccounts(fields: GroupFields): void {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  if (given.length === 0) return;
  const complaint = { code: 'not-combinable', other: 'accounts' } as const;
  throw invalidFields(Object.fromEntries(given.map(([name]) => [name, [complaint]])));
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

/** Returns those who got the last mail so many days ago, by a form's field. Throws `fields-invalid`. */
export function invitedDaysAgo(text: string): InvitedBefore {
  const days = parseId(text);
  if (days === undefined || days > maxDays) {
    throw invalidFields({ days: [{ code: 'not-a-count', min: 1, max: maxDays }] });
  }
  return { agoMs: days * dayMs };
}

/** Returns those of the accounts with these ids whom the mail reaches. */
export async function stillToInvite(
  db: Db,
  now: number,
  invited: InvitedBefore,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  if (invited === 'everyone') return new Set(ids);
  const states = await findStates(db, ids);
  const waiting = await withWaitingMail(db, ids);
  const isMeant = (at: number | null): boolean =>
    invited === 'never' ? at === null : at !== null && at <= now - invited.agoMs;
  return new Set(ids.filter((id) => !waiting.has(id) && isMeant(states.get(id)?.invitedAt ?? null)));
}
