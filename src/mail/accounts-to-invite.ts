import type { AccountInSpace } from '../accounts/account.ts';
import { accountsWith, eachListed, type ListContext } from '../administration/account-list.ts';
import type { Space } from '../spaces/space.ts';
import { hasAddress } from './invite.ts';
import { type InvitedGroup, type NamedOrGroup, stillToInvite } from './whom-to-invite.ts';

/**
 * Yields the accounts of the space that an invitation of a whole group is for, in batches, ordered by id. `except` is
 * the id of the account that sends it, which gets no mail.
 */
export function accountsToInvite(
  context: ListContext,
  space: Space,
  group: InvitedGroup,
  except?: number,
): AsyncGenerator<readonly AccountInSpace[]> {
  const others = except === undefined ? {} : { except };
  const filter = group === 'all' ? undefined : 'never-or-waiting';
  const ids = eachListed(context, { spaceIds: [space.id], filter, ...others });
  return accountsWith(context, space, ids);
}

/** How a caller finds what a request names: its accounts, or the space of its group. */
interface Lookup<Name> {
  accounts(names: readonly Name[]): Promise<readonly AccountInSpace[]>;
  space(): Space;
}

/** Returns the accounts that a request names, or those of its group, in batches. */
export async function accountsMeant<Name>(
  context: ListContext,
  meant: NamedOrGroup<Name>,
  find: Lookup<Name>,
): Promise<AsyncIterable<readonly AccountInSpace[]> | readonly (readonly AccountInSpace[])[]> {
  return meant.kind === 'named'
    ? [await find.accounts(meant.accounts)]
    : accountsToInvite(context, find.space(), meant.filter);
}

/** Counting stops at this number, so that it takes no longer in a large space. */
const maxCounted = 1000;

export interface CountedInvitations {
  /** Accounts with a mail address that no code was mailed to. */
  readonly fresh: number;
  /** Accounts with a mail address that a code was mailed to or is about to be. */
  readonly again: number;
  readonly withoutAddress: number;
  /** Whether there are more accounts than were counted. */
  readonly isMore: boolean;
}

/** Counts the accounts that a mail would be sent to. Leaves out blocked ones. */
export async function countInvitations(
  context: ListContext,
  groups: AsyncIterable<readonly AccountInSpace[]>,
): Promise<CountedInvitations> {
  let [fresh, again, withoutAddress] = [0, 0, 0];
  for await (const group of groups) {
    const open = group.filter(({ account }) => account.blockedAt === null);
    const reached = open.filter(({ account }) => hasAddress(account.email)).map(({ account }) => account.id);
    const { size } = await stillToInvite(context.database, context.now(), 'never', reached);
    fresh += size;
    again += reached.length - size;
    withoutAddress += open.length - reached.length;
    if (fresh + again + withoutAddress >= maxCounted) return { fresh, again, withoutAddress, isMore: true };
  }
  return { fresh, again, withoutAddress, isMore: false };
}
