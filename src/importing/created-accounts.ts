import type { AccountInSpace } from '../accounts/account.ts';
import { findAccounts } from '../accounts/account-store.ts';
import type { Actor } from '../events/actor.ts';
import { type HandOutContext, handOutCodes } from '../tokens/hand-out-code.ts';
import { countCreated, listCreated } from './created-account-store.ts';
import type { CountedGroups, CreatedGroup, Import } from './import.ts';
import type { ImportContext } from './import-context.ts';

type Reading = Pick<ImportContext, 'database' | 'spaces'>;

const accountsAtOnce = 200;

/** Counts the accounts that an import created and that have no phone yet, because the next steps are about them. */
export function countCreatedAccounts({ database }: Reading, { id }: Import): Promise<CountedGroups> {
  return countCreated(database, id);
}

/** Yields the accounts of `countCreatedAccounts` in batches, in the order of the file. */
export async function* createdAccounts(
  { database, spaces }: Reading,
  { id, spaceId }: Import,
  group: CreatedGroup,
): AsyncGenerator<readonly AccountInSpace[]> {
  const space = spaces.getById(spaceId);
  let after = 0;
  for (;;) {
    const { ids, last } = await listCreated(database, id, group, { after, limit: accountsAtOnce });
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
