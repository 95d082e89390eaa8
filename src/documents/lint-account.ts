import type { Account, AccountInSpace } from '../accounts/account.ts';
import { type Document, mergeDocuments } from '../lpconfig/document.ts';
import { loadKeyCatalogue } from '../lpconfig/key-catalogue.ts';
import { lintLinphonerc } from '../lpconfig/lint-linphonerc.ts';
import type { Finding } from '../lpconfig/lint-rules.ts';
import { readLinphonerc } from '../lpconfig/read-linphonerc.ts';
import type { Space } from '../spaces/space.ts';
import { addedIdkeys } from './lint-space.ts';

/** Returns how findings and origins name an account's own text. */
export function accountTextName({ username }: Pick<Account, 'username'>, { domain }: Pick<Space, 'domain'>): string {
  return `account ${username}@${domain}`;
}

/**
 * Lints an account's own text on top of the texts of the instance and the space. The text is not public, so it may
 * contain secrets.
 */
export async function lintAccount({ account, space }: AccountInSpace, instance: Document): Promise<Finding[]> {
  const catalogue = await loadKeyCatalogue();
  return lintLinphonerc(account.linphonerc, {
    file: accountTextName(account, space),
    below: mergeDocuments(instance, readLinphonerc(space.linphonerc).document),
    catalogue,
    audience: 'account',
    accountAdded: true,
    idkeys: addedIdkeys,
  });
}
