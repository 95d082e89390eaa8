import type { AccountInSpace } from '../accounts/account.ts';
import type { Db } from '../storage/tables.ts';
import { type Codes, shownToken } from './codes.ts';
import { findOpenCode, type ListedToken } from './token-list-store.ts';
import { provisioningUrl } from './token-urls.ts';

export interface OpenCodeContext {
  readonly database: Db;
  readonly codes: Codes;
  readonly publicUrl: string;
  now(): number;
}

/** The code that an account can be set up with now. */
export interface OpenCode {
  readonly token: ListedToken;
  readonly resetsPassword: boolean;
  /** The URL that phones fetch; undefined if the code cannot be shown again. */
  readonly url: string | undefined;
}

/** Returns the account's open code. Does not issue one. */
export async function openCodeOf(
  { database, codes, publicUrl, now }: OpenCodeContext,
  { account, space }: AccountInSpace,
): Promise<OpenCode | undefined> {
  const stored = await findOpenCode(database, account.id, now());
  if (stored === undefined) return undefined;
  const { hash, salt, resetsPassword, ...token } = stored;
  const secret = shownToken(codes, { hash, salt });
  const url =
    secret === undefined ? undefined : provisioningUrl(space, publicUrl, secret, { resetPassword: resetsPassword });
  return { token, resetsPassword, url };
}
