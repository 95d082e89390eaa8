import type { AccountInSpace } from '../accounts/account.ts';
import { accountsWith, eachListed, type ListContext } from '../administration/account-list.ts';
import type { Space } from '../spaces/space.ts';
import { hasAddress } from './invite.ts';
import { type InvitedGroup, stillToInvite } from './whom-to-invite.ts';

/**
 * Yields the accounts of the space that an invitation of a whole group reaches, in batches, ordered by id. `except`: the id of
 * the account that invites the others, which gets no mail.
 */
export function accountsToInvite(
  context: ListContext,
  space: Space,
  group: InvitedGroup,
  except?: number,
): AsyncGenerator<readonly AccountInSpace[]> {
  const others = except === undefined ? {} : { except };
  const ids = eachListed(context, { spaceId: space.id, filter: group === 'all' ? undefined : 'to-invite', ...others });
  return accountsWith(context, space, ids);
}

/** Counting stops here, because counting all would take longer the more accounts there are. */
const maxCounted = 1000;

export interface CountedInvitations {
  /** Those with a mail address who were mailed no code yet. */
  readonly fresh: number;
  /** Those with a mail address who were mailed one, or for whom a mail waits. */
  readonly again: number;
  readonly withoutAddress: number;
  /** Whether there are more than were counted. */
  readonly isMore: boolean;
}

/** Counts whom a mail to these accounts would reach. Blocked ones are left out. */
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
