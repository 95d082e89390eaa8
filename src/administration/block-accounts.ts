import { askAboutState, needsPassword } from '../access/password-question.ts';
import { findAccounts, findLockedAccount } from '../accounts/account-store.ts';
import type { Actor, By } from '../events/actor.ts';
import { type ChangeContext, change, partsById } from '../events/change.ts';
import type { Space } from '../spaces/space.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import type { ListFilter } from './account-list.ts';
import { applyStateIn } from './change-account-state.ts';
import { keepingAnAdministrator } from './keeping-an-administrator.ts';

/** One change of many accounts at once. */
export interface ChangeOfAll {
  readonly to: 'block' | 'unblock';
  /**
   * The id of the account of the person who makes the change. It is left out, so that people cannot lock themselves out
   * by accident.
   */
  readonly except?: number;
  /**
   * The moment to store for blocked accounts, by which all of them are found again. By default, the time of the change,
   * which is also that of the events.
   */
  readonly blockedAt?: number | undefined;
}

type Batches = AsyncIterable<readonly number[]> | Iterable<readonly number[]>;

export interface ChangedAccounts {
  /** The ids of the accounts that were changed. */
  readonly ids: readonly number[];
  /** The moment that is stored for all of them. */
  readonly at: number;
}

/**
 * Blocks or unblocks the accounts with these ids, some in each transaction. Skips accounts that are deleted meanwhile.
 * If the actor may have to give the password again, `batches` is read twice.
 */
export async function changeStateOfAll(
  { database, now }: ChangeContext,
  actor: Actor,
  batches: Batches,
  { except, ...wish }: ChangeOfAll,
): Promise<ChangedAccounts> {
  const at = now();
  const context = { database, now: () => at };
  await askAboutAll(database, { actor, at }, batches, wish.to);
  const changed: number[] = [];
  for await (const ids of batches) {
    const others = ids.filter((id) => id !== except);
    for (const part of partsById(others, (id) => id)) {
      changed.push(...(await change(context, actor, (tx, by) => changePart(tx, by, part, wish))));
    }
  }
  return { ids: changed, at: wish.blockedAt ?? at };
}

/** Asks before the first transaction, so that nothing is changed if the password is needed for a later one. */
async function askAboutAll(db: Db, by: By, batches: Batches, to: ChangeOfAll['to']): Promise<void> {
  if (to === 'block' || !needsPassword(by.actor, by.at)) return;
  for await (const ids of batches) {
    for (const account of await findAccounts(db, ids)) askAboutState(by, account, to);
  }
}

function changePart(
  tx: Transaction,
  by: By,
  part: readonly number[],
  wish: Omit<ChangeOfAll, 'except'>,
): Promise<readonly number[]> {
  const { to } = wish;
  return keepingAnAdministrator(tx, async () => {
    const done: number[] = [];
    for (const id of part) {
      const account = await findLockedAccount(tx, id);
      if (account === undefined || (account.blockedAt !== null) === (to === 'block')) continue;
      askAboutState(by, account, to);
      await applyStateIn(tx, by, account, wish);
      done.push(id);
    }
    return done;
  });
}

/** Returns the filter for the accounts of a space that were blocked together at this moment. */
export function blockedTogether({ id }: Pick<Space, 'id'>, blockedAt: number): ListFilter {
  return { spaceIds: [id], blockedAt };
}

/** Narrows a filter to the accounts that blocking all would change. Leaves out the account with the id `except`. */
export function blockable(filter: ListFilter, except: number): ListFilter {
  return { ...filter, isOpen: true, except };
}
