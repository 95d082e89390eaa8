import { deleteSpace, type SpaceContext } from '../spaces/manage-spaces.ts';
import { deleteAccountsOfSpace } from './account-store.ts';
import { keepingAnAdministrator } from './manage-accounts.ts';

/** Deletes a space; one that has accounts only together with them. */
export async function removeSpace(
  context: SpaceContext,
  domain: string,
  options: { readonly withAccounts: boolean },
): Promise<void> {
  await deleteSpace(context, domain, async (db, space) => {
    if (options.withAccounts) await keepingAnAdministrator(db, () => deleteAccountsOfSpace(db, space.id));
  });
}
