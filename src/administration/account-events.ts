import type { Account } from '../accounts/account.ts';
import { findAccount } from '../accounts/account-store.ts';
import type { EventKind } from '../events/event.ts';
import { deleteEventsOf, recordEvent } from '../events/event-store.ts';
import type { Db } from '../storage/tables.ts';

/** Who changes something, in words, and when: epoch milliseconds. */
export interface ChangedBy {
  readonly actor: string;
  readonly at: number;
}

/** Does `work`, and records what it changed of the account as it was found before. `db` is a transaction. */
export async function recordingChanges<T>(
  db: Db,
  before: Account,
  { actor, at }: ChangedBy,
  work: () => Promise<T>,
): Promise<T> {
  const result = await work();
  const after = await findAccount(db, before.id);
  if (after === undefined) await deleteEventsOf(db, before.id);
  const { spaceId, id: accountId } = before;
  const changes =
    after === undefined ? [{ kind: 'account-deleted', fields: before.username } as const] : changesOf(before, after);
  for (const { kind, fields } of changes) {
    const detail = fields === undefined ? {} : { [kind === 'account-deleted' ? 'username' : 'fields']: fields };
    await recordEvent(db, { at, kind, spaceId, accountId, actor, detail });
  }
  return result;
}

interface Change {
  readonly kind: EventKind;
  readonly fields?: string;
}

/** What became of an account, by the events that tell it. */
export function changesOf(before: Account, after: Account): Change[] {
  const changes: Change[] = [];
  const fields = changedFields(before, after);
  if (fields.length > 0) changes.push({ kind: 'account-changed', fields: fields.join(', ') });
  if (hasOtherSecrets(before, after)) changes.push({ kind: 'password-changed' });
  if ((before.activatedAt === null) !== (after.activatedAt === null)) {
    changes.push({ kind: after.activatedAt === null ? 'deactivated' : 'activated' });
  }
  if ((before.blockedAt === null) !== (after.blockedAt === null)) {
    changes.push({ kind: after.blockedAt === null ? 'unblocked' : 'blocked' });
  }
  return changes;
}

/** By the names they have in the API. */
const fieldNames = {
  username: 'username',
  displayName: 'display_name',
  email: 'email',
  phone: 'phone',
  admin: 'admin',
  dtmfProtocol: 'dtmf_protocol',
} as const;

function changedFields(before: Account, after: Account): string[] {
  const changed = Object.entries(fieldNames)
    .filter(([field]) => before[field as keyof typeof fieldNames] !== after[field as keyof typeof fieldNames])
    .map(([, name]) => name as string);
  return JSON.stringify(before.external) === JSON.stringify(after.external)
    ? changed
    : [...changed, 'external account'];
}

function hasOtherSecrets(before: Account, after: Account): boolean {
  return JSON.stringify(before.ha1s) !== JSON.stringify(after.ha1s);
}
