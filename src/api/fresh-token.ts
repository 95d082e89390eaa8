import { getAccount } from '../accounts/account-store.ts';
import type { App } from '../app.ts';
import { issueToken } from '../tokens/issue-token.ts';
import { tokenExpiry, type WishedExpiry } from '../tokens/token-expiry.ts';
import { accountJson } from '../views/account.ts';
import type { ManagedAccount } from './lookup.ts';

/** Issues a token and answers the account with it. */
export async function freshToken(
  app: App,
  { account: { id }, space }: ManagedAccount,
  issuer: string,
  wish: WishedExpiry = {},
) {
  const now = app.now();
  const expiresAt = tokenExpiry(now, space, app.tokenLifetimeMs, wish);
  return app.database.transaction().execute(async (db) => {
    const account = await getAccount(db, id);
    return accountJson(account, space, await issueToken(db, account, { issuer, expiresAt, now }));
  });
}
