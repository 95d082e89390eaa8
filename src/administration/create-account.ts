import type { Account } from '../accounts/account.ts';
import type { NewAccount } from '../accounts/account-fields.ts';
import { recordEvent } from '../events/event-store.ts';
import type { Space } from '../spaces/space.ts';
import type { Db } from '../storage/tables.ts';
import { type IssuedToken, issueToken, type TokenTerms } from '../tokens/issue-token.ts';
import { createAccount } from './manage-accounts.ts';

/** Makes an account with the token that its phone gets it by. `db` is a transaction: neither is there without the other. */
export async function makeAccount(
  db: Db,
  space: Space,
  fields: NewAccount,
  terms: TokenTerms,
): Promise<{ account: Account; issued: IssuedToken }> {
  const account = await createAccount(db, space, fields, terms.now);
  const { id: accountId, spaceId } = account;
  await recordEvent(db, { at: terms.now, kind: 'account-created', spaceId, accountId, actor: terms.issuer });
  return { account, issued: await issueToken(db, account, terms) };
}
