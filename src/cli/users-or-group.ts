import type { AccountInSpace } from '../accounts/account.ts';
import type { App } from '../app.ts';
import { accountsMeant } from '../mail/accounts-to-invite.ts';
import { type InvitedGroup, type NamedOrGroup, namedOrGroup } from '../mail/whom-to-invite.ts';
import { accountsAt, spaceOf } from './account-at.ts';
import { readOptions } from './fields.ts';

interface Meant {
  readonly users: readonly string[];
  readonly filter: InvitedGroup | undefined;
  /** The option that chooses the group, for complaints. */
  readonly option: string;
  /** Options about the group. Without a space, it is one of the first. */
  readonly ofGroup: { readonly invited?: string | undefined; readonly space: string | undefined };
}

/** Returns the accounts that a command names one by one, or those of the group that its option chooses. */
export async function usersOrGroup(
  app: App,
  { users, filter, option, ofGroup }: Meant,
): Promise<{
  readonly kind: NamedOrGroup<string>['kind'];
  readonly groups: AsyncIterable<readonly AccountInSpace[]> | readonly (readonly AccountInSpace[])[];
}> {
  const words = { accounts: 'USER', filter: option };
  const meant = readOptions(() => namedOrGroup(users.length === 0 ? undefined : users, filter, ofGroup), words);
  const groups = await accountsMeant(app, meant, {
    accounts: (addresses) => accountsAt(app, addresses),
    space: () => spaceOf(app, ofGroup.space),
  });
  return { kind: meant.kind, groups };
}
