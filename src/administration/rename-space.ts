import { endPasswordsOfSpace, touchAccountsOfSpace } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import type { By } from '../events/actor.ts';
import { recordEvent } from '../events/event-store.ts';
import type { Space, SpaceSettings } from '../spaces/space.ts';
import { lockSpace } from '../spaces/space-store.ts';
import type { Transaction } from '../storage/tables.ts';
import { accountsBoundToDomain } from './space-use-store.ts';

/** An error names at most this many of the accounts that prevent the change. */
const maxNamed = 5;

/**
 * Prepares a space for the new domain in `changed`: ends all passwords if the realm changes with it, and records the
 * event. Throws if phones or servers know an account by the old domain. Returns the user names whose passwords ended.
 */
export async function renameSpaceIn(
  tx: Transaction,
  by: By,
  space: Space,
  { changed, confirmed }: { readonly changed: SpaceSettings; readonly confirmed: boolean },
): Promise<readonly string[]> {
  // No account may be created meanwhile: its HA1s would contain the old domain.
  await lockSpace(tx, space.id, 'update');
  // Locks every account. A code that is being redeemed is either counted below, or finds another version and starts
  // again.
  await touchAccountsOfSpace(tx, space.id);
  const bound = await accountsBoundToDomain(tx, space.id, maxNamed + 1);
  if (bound.length > 0) throw inUse(space.domain, bound);
  if (!confirmed) throw new AppError('confirmation-needed', { what: 'domain', domain: changed.domain });
  const realm = changed.realm ?? changed.domain;
  const ended = realm === space.effectiveRealm ? [] : await endPasswordsOfSpace(tx, space.id, by.at);
  const detail = { domain: changed.domain, from: space.domain, passwords_ended: ended.length };
  await recordEvent(tx, { ...by, kind: 'domain-changed', spaceId: space.id, accountId: null, detail });
  return ended;
}

function inUse(domain: string, usernames: readonly string[]): AppError {
  const accounts = usernames.slice(0, maxNamed);
  return new AppError('conflict', { why: 'domain-in-use', domain, accounts, more: usernames.length > maxNamed });
}
