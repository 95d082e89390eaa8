import { requireConfirmed } from '../access/password-question.ts';
import { deleteAccountsOfSpace } from '../accounts/account-store.ts';
import type { Actor } from '../events/actor.ts';
import { recordEvent } from '../events/event-store.ts';
import { changeSpaces, getSpace, type SpaceContext } from '../spaces/change-spaces.ts';
import type { Space } from '../spaces/space.ts';
import { deleteSpaceRow, lockSpace } from '../spaces/space-store.ts';
import type { Db } from '../storage/tables.ts';
import { keepingAnAdministrator } from './keeping-an-administrator.ts';
import { countHoldings } from './space-use-store.ts';
import { requireAnotherSuperSpace } from './update-space.ts';

/** Deletes a space. If it has accounts, this throws unless `withAccounts` is set. */
export async function removeSpace(
  context: SpaceContext,
  actor: Actor,
  domain: string,
  options: { readonly withAccounts: boolean },
): Promise<void> {
  requireConfirmed({ actor, at: context.now() });
  await changeSpaces(context, actor, { domain }, async (tx, by) => {
    const space = await getSpace(tx, domain);
    if (space.super) await requireAnotherSuperSpace(tx, space);
    if (options.withAccounts) {
      await keepingAnAdministrator(tx, async () => {
        await lockSpace(tx, space.id, 'update');
        await deleteAccountsOfSpace(tx, space.id);
      });
    }
    await deleteSpaceRow(tx, space.id);
    const detail = { domain: space.domain };
    await recordEvent(tx, { ...by, kind: 'space-deleted', spaceId: space.id, accountId: null, detail });
  });
}

/** What would end with a space. */
export interface SpaceHoldings {
  readonly accounts: number;
  /** Phones that have an account of the space and are not revoked. */
  readonly devices: number;
}

/** Counts what would end with a space. It reads all accounts of the space, so use it only before deleting. */
export function spaceHoldings({ database }: { readonly database: Db }, space: Space): Promise<SpaceHoldings> {
  return countHoldings(database, space.id);
}
