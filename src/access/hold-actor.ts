import { findHeldAccount } from '../accounts/account-store.ts';
import type { Actor, By } from '../events/actor.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import type { Transaction } from '../storage/tables.ts';
import { findApiKeyById } from './api-key-store.ts';
import { manages } from './caller.ts';

/**
 * Keeps others from changing the account of an actor whose work goes on after the request. Returns whether the actor
 * still manages the space. An actor without an account, such as a command, always does.
 */
export async function holdActor(
  tx: Transaction,
  { spaces }: { readonly spaces: SpaceDirectory },
  { actor, at }: By,
  spaceId: number,
): Promise<boolean> {
  if (actor.kind !== 'account' && actor.kind !== 'api-key') return true;
  const id = await accountIdOf(tx, actor, at);
  const account = id === undefined ? undefined : await findHeldAccount(tx, id);
  if (account === undefined || account.blockedAt !== null) return false;
  const space = spaces.findById(account.spaceId);
  return space !== undefined && manages({ account, space, rights: 'account' }, spaceId);
}

/** Returns the id of the actor's account. Returns undefined if the actor is an API key that was revoked or expired. */
async function accountIdOf(tx: Transaction, { kind, id }: Actor, now: number): Promise<number | undefined> {
  if (id === null || kind === 'account') return id ?? undefined;
  const key = await findApiKeyById(tx, id);
  return key === undefined || (key.expiresAt !== null && key.expiresAt <= now) ? undefined : key.accountId;
}
