import { lockAccount } from '../accounts/account-store.ts';
import type { Actor } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { applyStateIn } from './account-state.ts';
import { keepingAnAdministrator } from './keeping-an-administrator.ts';

const atOnce = 50;

/** Blocks or unblocks several accounts at the moment `at`, in batches. Returns the ids of those that it changed. */
export async function changeStateOfAll(
  { database }: Pick<ChangeContext, 'database'>,
  actor: Actor,
  ids: readonly number[],
  { to, at }: { readonly to: 'block' | 'unblock'; readonly at: number },
): Promise<number[]> {
  const context = { database, now: () => at };
  const changed: number[] = [];
  for (let start = 0; start < ids.length; start += atOnce) {
    const batch = ids.slice(start, start + atOnce);
    changed.push(
      ...(await change(context, actor, (tx, by) =>
        keepingAnAdministrator(tx, async () => {
          const done: number[] = [];
          // In the order of ids, so that two of these do not wait for each other.
          for (const id of batch.toSorted((one, other) => one - other)) {
            const account = await lockAccount(tx, id);
            if ((account.blockedAt !== null) === (to === 'block')) continue;
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
