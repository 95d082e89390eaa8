import type { Account } from '../accounts/account.ts';
import { type AccountContext, getAccountOfSpace } from '../accounts/find-account.ts';
import { invalidFields } from '../errors.ts';
import type { Space } from '../spaces/space.ts';
import type { Caller } from './caller.ts';
import { managedAccount } from './managed-account.ts';

/** Whom a person chooses as the owner of a new key. Empty texts count as none. */
export interface ChosenOwner {
  /** The id of an account. */
  readonly account?: string | undefined;
  /** A user name of the space, or a SIP address. It counts more than the id. */
  readonly owner?: string | undefined;
}

/**
 * Returns the account whose rights a new key of the space gets: the chosen administrator, by default the caller. Throws
 * `not-found` if there is no such account, and a complaint about `owner` if it does not administer the space.
 */
export async function ownerOfNewKey(
  context: AccountContext,
  caller: Caller,
  space: Space,
  { account: id, owner: name }: ChosenOwner,
): Promise<Account> {
  const named = name ? (await getAccountOfSpace(context, space, name)).account : undefined;
  const chosen = named ?? (id ? (await managedAccount(context, caller, id)).account : undefined);
  const owner = chosen ?? caller.account;
  if (owner.spaceId === space.id && owner.admin) return owner;
  const { username: value } = owner;
  throw invalidFields({
    owner: [chosen === undefined ? { code: 'required' } : { code: 'not-an-administrator', value }],
  });
}
