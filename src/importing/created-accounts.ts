import type { AccountInSpace } from '../accounts/account.ts';
import { findAccounts } from '../accounts/account-store.ts';
import type { Actor } from '../events/actor.ts';
import { type HandOutContext, handOutCodes } from '../tokens/hand-out-code.ts';
import { countCreated, findEndOfPortion, listCreated, listPortions } from './created-account-store.ts';
import type { CountedGroups, CreatedGroup, CreatedPortion, Import } from './import.ts';
import type { ImportContext } from './import-context.ts';

type Reading = Pick<ImportContext, 'database' | 'spaces'>;

const accountsAtOnce = 200;

/** Counts the accounts that an import created and that have no phone yet, because the next steps are about them. */
export function countCreatedAccounts({ database }: Reading, { id }: Import): Promise<CountedGroups> {
  return countCreated(database, id);
}

/** Returns the portions of `size` created accounts in which there is anybody of the group. */
export async function createdPortions(
  { database }: Reading,
  { id }: Import,
  group: CreatedGroup,
  size: number,
): Promise<CreatedPortion[]> {
  return (await listPortions(database, id, group, size)).filter(({ accounts }) => accounts > 0);
}

/**
 * Yields the accounts of `countCreatedAccounts` in batches, in the order of the file: all, or those in the portion of
 * `size` created accounts that begins at the position `first`.
 */
export async function* createdAccounts(
  { database, spaces }: Reading,
  { id, spaceId }: Import,
  group: CreatedGroup,
  portion?: { readonly first: number; readonly size: number },
): AsyncGenerator<readonly AccountInSpace[]> {
  const space = spaces.getById(spaceId);
  const end = portion === undefined ? undefined : await findEndOfPortion(database, id, portion);
  let after = portion === undefined ? 0 : portion.first - 1;
  for (;;) {
    const { ids, last } = await listCreated(database, id, group, { after, end, limit: accountsAtOnce });
    if (last === undefined) return;
    const accounts = new Map((await findAccounts(database, ids)).map((account) => [account.id, account]));
    yield ids.flatMap((accountId) => {
      const account = accounts.get(accountId);
      return account === undefined ? [] : [{ account, space }];
    });
    after = last;
  }
}

/** Issues codes for the import's accounts that have none, so that the table of results can show them. */
export async function handOutMissingCodes(
  context: Reading & HandOutContext,
  actor: Actor,
  found: Import,
): Promise<void> {
  for await (const accounts of createdAccounts(context, found, 'without-code')) {
    await handOutCodes(context, actor, accounts);
  }
}
