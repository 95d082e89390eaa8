import { findLockedAccount } from '../accounts/account-store.ts';
import type { Actor } from '../events/actor.ts';
import { type ChangeContext, change, partsById } from '../events/change.ts';
import { applyStateIn } from './account-state.ts';
import { keepingAnAdministrator } from './keeping-an-administrator.ts';

/**
 * Blocks or unblocks several accounts at the moment `at`, in batches. Leaves out those that were deleted meanwhile. Returns
 * the ids of those that it changed.
 */
export async function changeStateOfAll(
  { database }: Pick<ChangeContext, 'database'>,
  actor: Actor,
  ids: readonly number[],
  { to, at }: { readonly to: 'block' | 'unblock'; readonly at: number },
): Promise<number[]> {
  const context = { database, now: () => at };
  const changed: number[] = [];
  for (const batch of partsById(ids, (id) => id)) {
    changed.push(
      ...(await change(context, actor, (tx, by) =>
        keepingAnAdministrator(tx, async () => {
          const done: number[] = [];
          for (const id of batch) {
            const account = await findLockedAccount(tx, id);
            if (account === undefined || (account.blockedAt !== null) === (to === 'block')) continue;
            await applyStateIn(tx, by, account, to);
            done.push(id);
          }
          return done;
        }),
      )),
    );
  }
  return changed;
}
