import { deleteAccountsOfSpace } from '../accounts/account-store.ts';
import { keepingAnAdministrator } from './manage-accounts.ts';
import { deleteSpace, type SpaceContext } from './manage-spaces.ts';

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
