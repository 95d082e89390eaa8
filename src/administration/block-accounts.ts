import type { PasswordCheck } from '../access/confirm-by-password.ts';
import { findLockedAccount } from '../accounts/account-store.ts';
import type { Actor, By } from '../events/actor.ts';
import { type ChangeContext, change, partsById } from '../events/change.ts';
import type { Transaction } from '../storage/tables.ts';
import type { ListFilter } from './account-list.ts';
import { applyStateIn } from './account-state.ts';
import { keepingAnAdministrator } from './keeping-an-administrator.ts';

/** One change of many accounts at once. */
export interface ChangeOfAll {
  readonly to: 'block' | 'unblock';
  /**
   * The id of the account of the person who makes the change. It is left out, so that people cannot lock themselves out
   * by accident.
   */
  readonly except?: number;
  /** An account may have become an administrator since the accounts were chosen. */
  readonly passwordCheck?: PasswordCheck | undefined;
}

export interface ChangedAccounts {
  /** The ids of the accounts that were changed. */
  readonly ids: readonly number[];
  /** The time that is stored for all of them. */
  readonly at: number;
}

/**
 * Blocks or unblocks the accounts with these ids, some in each transaction. Skips accounts that are deleted meanwhile.
 */
export async function changeStateOfAll(
  { database, now }: ChangeContext,
  actor: Actor,
  batches: AsyncIterable<readonly number[]> | Iterable<readonly number[]>,
  { except, ...wish }: ChangeOfAll,
): Promise<ChangedAccounts> {
  const at = now();
  const context = { database, now: () => at };
  const changed: number[] = [];
  for await (const ids of batches) {
    const others = ids.filter((id) => id !== except);
    for (const part of partsById(others, (id) => id)) {
      changed.push(...(await change(context, actor, (tx, by) => changePart(tx, by, part, wish))));
    }
  }
  return { ids: changed, at };
}

function changePart(
  tx: Transaction,
  by: By,
  part: readonly number[],
  { to, passwordCheck }: Omit<ChangeOfAll, 'except'>,
): Promise<readonly number[]> {
  return keepingAnAdministrator(tx, async () => {
    const done: number[] = [];
    for (const id of part) {
      const account = await findLockedAccount(tx, id);
      if (account === undefined || (account.blockedAt !== null) === (to === 'block')) continue;
      passwordCheck?.(account);
      await applyStateIn(tx, by, account, to);
      done.push(id);
    }
    return done;
  });
}

/** Narrows a filter to the accounts that blocking all would change. Leaves out the account with the id `except`. */
export function blockable(filter: ListFilter, except: number): ListFilter {
  return { ...filter, isOpen: true, except };
}
